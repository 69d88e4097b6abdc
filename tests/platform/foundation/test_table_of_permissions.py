"""What is printed for readers of the table of permissions is what the code holds: role by role, action by action."""

from __future__ import annotations

from pathlib import Path

import pytest

from huimin.platform.foundation.actors import Who
from huimin.platform.foundation.permissions import NAMES, RULES, Action, Scope

DOCUMENT = Path(__file__).parents[3] / "docs" / "permissions.md"


def printed(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    text = DOCUMENT.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


ACTIONS = {row[0].strip("`"): row[1:4] for row in printed("Actions")}


def test_each_role_is_printed_with_its_names_and_its_code() -> None:
    assert printed("Roles") == [[NAMES[who][1], NAMES[who][0], f"`{who}`"] for who in NAMES]
    assert {f"`{who}`" for who in Who} == {row[2] for row in printed("Roles")}


def test_each_action_is_printed_once() -> None:
    assert set(ACTIONS) == {str(action) for action in Action} == {str(action) for action in RULES}


@pytest.mark.parametrize("action", Action)
def test_an_action_is_for_the_roles_that_are_printed_beside_it(action: Action) -> None:
    rule, (what_en, what_zh, who) = RULES[action], ACTIONS[str(action)]
    allowed = {f"{NAMES[one][1]} {NAMES[one][0]}": scope for one, scope in rule.who.items()}
    own = " (its own 仅限自身)"
    assert set(who.split(", ")) == {name + own * (scope is Scope.OWN) for name, scope in allowed.items()}
    assert what_en == rule.en + "; with a purpose" * rule.purpose
    assert what_zh == rule.zh + "；须写明用途" * rule.purpose
