"""What readers send comes in through forms alone: a view hands `request.POST` whole to one and takes nothing out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from huimin.platform.web import views


def handed_by_hand(tree: ast.AST) -> Iterator[ast.AST]:
    """Each place where what was sent goes elsewhere than into a form: `request.POST`, and `posted(…)`, which is it."""
    within = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if _is_sent(node) and not _goes_into_a_form(node, within[node]):
            yield node


def _is_sent(node: ast.AST) -> bool:
    is_posted = isinstance(node, ast.Call) and ast.unparse(node.func) == "posted"
    return is_posted or (isinstance(node, ast.Attribute) and node.attr == "POST")


def _goes_into_a_form(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(parent, ast.Call):
        return node in parent.args and ast.unparse(parent.func).lower().endswith("form")
    # `posted(…) if it_was_this_form else None`, perhaps with a name of its own.
    return isinstance(node, ast.Call) and isinstance(parent, ast.IfExp)


def test_views_hand_what_was_sent_to_forms_and_read_none_of_it() -> None:
    modules = sorted(Path(views.__file__).parent.glob("*.py"))
    assert len(modules) > 40
    found = [
        f"{path.name}:{getattr(node, 'lineno', 0)}"
        for path in modules
        for node in handed_by_hand(ast.parse(path.read_text("utf-8")))
    ]
    assert found == [], "give request.POST whole to a form of web/forms, such as those of its module buttons"


@pytest.mark.parametrize(
    "read",
    [
        'request.POST.get("road", "")',
        'request.POST["road"]',
        '"send" in request.POST',
        'posted(request)["road"]',
        'posted(request).getlist("line")',
        "CalculatorForm(initial=request.POST)",
        "dict(request.POST)",
        "sent = request.POST",
    ],
)
def test_what_a_view_would_read_by_hand_is_seen(read: str) -> None:
    assert list(handed_by_hand(ast.parse(read)))


@pytest.mark.parametrize(
    "handed", ["RoadForm(request.POST)", "RoadForm(posted(request), at=1)", "RoadForm(posted(request) if it else None)"]
)
def test_what_a_form_is_given_is_not(handed: str) -> None:
    assert list(handed_by_hand(ast.parse(handed))) == []
