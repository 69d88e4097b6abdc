"""Contexts are entered by their api.py alone, and what crosses there is ids and dataclasses, no rows of tables."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import typing
from collections import defaultdict
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from contexts import CONTEXTS, PLATFORM, contract, layers

_NO_CONTEXTS = {"web", "api", "processes", "foundation"}
SHOWN = "a page shows the rows of a list, which it alone holds and never writes"
IN_BULK = "the demonstration writes an invented city in bulk; no service registers a whole city"
HELD = "whoever does a task holds its row while it is done; what was asked for points to it"
STILL_CROSSING: dict[str, tuple[str, str]] = {
    "claims.ReviewItem": (
        "claims.ReviewItem claims.case_story claims.findings_for claims.open_reviews claims.review_by_id "
        "claims.review_content claims.waits_for_second",
        SHOWN,
    ),
    "people.Area": ("people.Area", IN_BULK),
    "people.Household": ("people.Household", IN_BULK),
    "people.Resident": ("people.Resident", IN_BULK),
    "pool.Insurer": (
        "pool.Insurer",
        "the demonstration may not set a city up, as a command may",
    ),
    "tasks.Task": ("tasks.Attempt tasks.Task tasks.enqueue tasks.folder tasks.tasks", HELD),
}
"""By model: the names of its context's api that give it out or take it, and why that is still so."""


def api_of(context: str) -> ModuleType:
    return import_module(f"huimin.platform.{context}.api")


def test_every_folder_of_the_platform_has_its_place_among_the_layers() -> None:
    folders = {path.parent.name for path in PLATFORM.glob("*/__init__.py")}
    assert folders <= set(layers())
    assert folders - _NO_CONTEXTS == set(CONTEXTS)


def test_the_import_contract_names_every_context() -> None:
    protected = contract("a-context-is-entered-by-its-api")["protected_modules"].split()
    assert protected == [f"huimin.platform.{context}" for context in CONTEXTS]


def test_the_map_lists_the_contexts_as_the_contract_has_them() -> None:
    """ARCHITECTURE.md: "A context calls those below it"."""
    text = (PLATFORM.parents[2] / "ARCHITECTURE.md").read_text("utf-8")
    table = text.split("| context | keeps |\n|---|---|\n")[1].split("\n\n")[0]
    listed = [name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    beside = re.findall(r"`(\w+)` \(", text.split("Beside them: ")[1].split("\n\n")[0])
    assert listed == [name for name in layers() if name not in {*beside, "urls"}]
    assert set(beside) <= set(layers())


@pytest.mark.parametrize("context", CONTEXTS)
def test_an_api_declares_what_others_may_use_and_defines_nothing(context: str) -> None:
    module = api_of(context)
    assert sorted(set(module.__all__)) == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)
    tree = ast.parse((PLATFORM / context / "api.py").read_text("utf-8"))
    docstring, *rest = tree.body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, ast.ImportFrom | ast.Assign | ast.AnnAssign) for node in rest)
    imported = {alias.asname or alias.name for node in rest if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert imported - {"annotations"} == set(module.__all__)


def test_every_name_of_an_api_is_used_from_outside() -> None:
    """A name that nobody outside asks for is the context's own."""
    used: dict[str, set[str]] = defaultdict(set)
    for path in PLATFORM.rglob("*.py"):
        own = path.relative_to(PLATFORM).parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("huimin.platform."):
                context, _, rest = node.module.removeprefix("huimin.platform.").partition(".")
                if rest == "api" and context != own:
                    used[context] |= {alias.name for alias in node.names}
    for context in CONTEXTS:
        assert set(api_of(context).__all__) == used[context], context


def test_foreign_keys_between_contexts_are_strings() -> None:
    """A class that is imported for a key would bring the other context's tables along."""
    seen: set[str] = set()
    for path in sorted(PLATFORM.rglob("*.py")):
        where = path.relative_to(PLATFORM)
        if "migrations" in where.parts:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        own = {name for node in tree.body for name in _names_of(node, where.parts[0])}
        for node in ast.walk(tree):
            called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            if isinstance(node, ast.Call) and called in ("ForeignKey", "OneToOneField", "ManyToManyField"):
                seen.add(str(where))
                target = node.args[0]
                text = ast.unparse(target)
                assert text in own or isinstance(target, ast.Constant), f"{where}:{node.lineno} refers to {text}"
    assert {"claims/models.py", "claims/trials/models.py", "subsidies/grant_models.py"} < seen


def _names_of(node: ast.stmt, context: str) -> set[str]:
    """The classes that a statement at the top of a file makes, or imports from the file's own context."""
    if isinstance(node, ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"huimin.platform.{context}."):
        return {alias.asname or alias.name for alias in node.names}
    return set()


def test_what_lies_below_cannot_look_up_along_a_key() -> None:
    """A key that points downwards would give the row below a name for the rows above it."""
    from django.apps import apps

    seen = 0
    for model in apps.get_models():
        for relation in model._meta.related_objects:
            above = relation.related_model._meta.app_label
            if above in CONTEXTS and model._meta.app_label in (*CONTEXTS, "foundation"):
                seen += 1
                assert above == model._meta.app_label or relation.hidden, f"{model.__name__}.{relation.name}"
    assert seen > 0


def test_no_more_rows_cross_between_contexts_than_are_listed() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for context in CONTEXTS:
        module = api_of(context)
        for name in module.__all__:
            for model in _models_in(getattr(module, name)):
                found[model].add(f"{context}.{name}")
    listed = {model: set(names.split()) for model, (names, _why) in STILL_CROSSING.items()}
    assert {model: sorted(names) for model, names in found.items()} == {
        model: sorted(names) for model, names in listed.items()
    }


def _models_in(thing: Any) -> set[str]:
    """The tables of contexts whose rows a name of an api is, takes, gives or holds. The foundation's are common."""
    from django.db import models

    found: set[str] = set()
    todo, seen = [thing], []
    while todo:
        one = todo.pop()
        if any(one is other for other in seen):
            continue
        seen.append(one)
        if isinstance(one, type) and issubclass(one, models.Model):
            context = one.__module__.removeprefix("huimin.platform.").partition(".")[0]
            found |= {f"{context}.{one.__name__}"} if context in CONTEXTS else set()
        elif inspect.isfunction(one):
            todo += typing.get_type_hints(inspect.unwrap(one)).values()
        elif isinstance(one, type) and not one.__module__.startswith("huimin.platform."):
            continue  # the core has no tables
        elif isinstance(one, type) and (dataclasses.is_dataclass(one) or hasattr(one, "_fields")):
            todo += typing.get_type_hints(one).values()
            todo += [part.fget for part in vars(one).values() if isinstance(part, property)]
            todo += [part for part in vars(one).values() if inspect.isfunction(part) and not _is_made(part)]
        else:
            todo += typing.get_args(one)
    return found


def _is_made(function: Any) -> bool:
    """Whether Python made it for a dataclass."""
    return str(function.__name__).startswith("__")
