"""docs/numbers.md says by which periods and limits a city is run; the code has these and no others."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PLATFORM = ROOT / "src" / "huimin" / "platform"
CONTEXTS = ("claims", "enrolment", "foundation", "ledger", "payments", "pool")
ROWS = re.findall(
    r"^\| .+ \| ([\d,]+)(?: (?:working )?(\w+?)s?)? \| .+ \| `([\w.]+)` \|$",
    (ROOT / "docs" / "numbers.md").read_text(),
    re.M,
)
"""How many, of which unit, and where the code has it."""


def in_code(place: str) -> Any:
    """What a dotted name below huimin.platform stands for; within a tuple of rules, one by its name."""
    parts = place.split(".")
    modules = [n for n in range(1, len(parts)) if (PLATFORM.joinpath(*parts[:n])).with_suffix(".py").is_file()]
    found: Any = import_module(".".join(("huimin", "platform", *parts[: modules[0]])))
    for name in parts[modules[0] :]:
        found = next(one for one in found if one.name == name) if isinstance(found, tuple) else getattr(found, name)
    return found


@pytest.mark.parametrize(("number", "unit", "place"), ROWS, ids=[place for _, _, place in ROWS])
def test_a_period_or_limit_is_as_long_as_it_is_printed(number: str, unit: str, place: str) -> None:
    printed, held = int(number.replace(",", "")), in_code(place)
    if isinstance(held, timedelta):
        assert held == timedelta(**{f"{unit}s": printed})
    else:
        assert held == printed * (100 if unit == "yuan" else 1)


def test_every_row_of_the_page_is_read() -> None:
    rows = [line for line in (ROOT / "docs" / "numbers.md").read_text("utf-8").splitlines() if line.endswith("` |")]
    assert len(rows) == len(ROWS) > 40


def test_every_period_that_a_module_names_is_printed() -> None:
    named = set()
    for context in CONTEXTS:
        for path in {*(PLATFORM / context).rglob("*.py")} - {PLATFORM / context / "apps.py"}:
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("timedelta("):
                    module = ".".join(path.relative_to(PLATFORM).with_suffix("").parts)
                    named |= {f"{module}.{ast.unparse(target)}" for target in node.targets}
    assert named - {place for _, _, place in ROWS} == {"foundation.clocks.counting._DAY"}
