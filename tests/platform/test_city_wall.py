"""Every query for rows of a city begins with the city, in every context that there is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

import huimin.platform
from huimin.platform.foundation.models import CityRow

HOME = Path(huimin.platform.__file__).parent
WITH_THE_CITY = {
    *("of", "fetch", "fetch_one", "pick", "asking", "picking", "summing"),
    *("insert", "queue", "queue_values", "rewrite", "rewrite_each"),
    *("create", "bulk_create", "remove_expired"),
}
"""Ways to read that take the city, and ways to write rows, which name their city themselves."""
ACROSS_CITIES = {
    ("foundation/selectors.py", "ApiClient.objects.select_related"): "a request says its key; the client says the city",
    (
        "foundation/selectors.py",
        "StaffMember.objects.select_related",
    ): "a user signs in; the staff member says the city",
    ("foundation/fields.py", "type(instance)._base_manager.using"): "reads a column of a row that is there already",
    ("payments/unanswered.py", "Payment.objects.filter"): "a task that asks providers about every city's payments",
    ("people/limits.py", "KnownDevice.objects.update_or_create"): "names the city among its values",
    ("seals/rows.py", "model._base_manager.order_by"): "seals go over whole tables",
    ("seals/rows.py", "model._base_manager.filter"): "seals go over whole tables",
    ("seals/services.py", "SealBlock.objects.filter"): "seals go over whole tables",
    ("seals/verification.py", "model._base_manager.filter"): "seals go over whole tables",
    ("serving.py", "ApiClient.objects.filter"): "names the demonstration's city among its values",
}
MANAGERS = ("objects", "_default_manager", "_base_manager")


def uses() -> Iterator[tuple[str, ast.Attribute]]:
    """Every `Model.objects.method` in the platform, with its file."""
    for path in sorted(HOME.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Attribute)
                and node.value.attr in MANAGERS
            ):
                yield str(path.relative_to(HOME)), node


def alone() -> Iterator[str]:
    """Where a manager is not followed by a method: under another name its queries would not be seen."""
    for path in sorted(HOME.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        followed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in followed:
                yield f"{path.relative_to(HOME)}:{node.lineno} {ast.unparse(node)}"


def of_no_city() -> set[str]:
    """Models whose rows belong to no city."""
    return {model.__name__ for model in apps.get_models() if not issubclass(model, CityRow)}


def test_every_query_begins_with_the_city_or_says_why_not() -> None:
    free = of_no_city()
    found = {
        (where, ast.unparse(node))
        for where, node in uses()
        if node.attr not in WITH_THE_CITY and ast.unparse(node).split(".", 1)[0] not in free
    }
    every = {where_and_what for where_and_what in found if not where_and_what[1].endswith(".of_every_city")}
    assert every == set(ACROSS_CITIES)


def test_no_manager_gets_another_name() -> None:
    assert list(alone()) == []


def test_only_workers_and_the_servers_own_command_ask_for_the_tasks_of_every_city() -> None:
    rooms = {where.split("/", 1)[0] for where, node in uses() if node.attr == "of_every_city"}
    assert rooms <= {"tasks", "commands.py", "commands", "web", "serving.py"}


def test_every_table_of_ours_belongs_to_a_city_but_the_city_users_and_how_far_tables_are_sealed() -> None:
    ours = {model for model in apps.get_models() if model.__module__.startswith("huimin.")}
    free = {model.__name__ for model in ours if not issubclass(model, CityRow)}
    assert free == {"City", "User", "SealFrontier"}
