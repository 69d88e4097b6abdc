"""Each refusal of the platform is met by a test: its code, or the error that has it, is named in one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from architecture.test_error_catalogue import BY_ANOTHER_WAY, SRC, codes_of_source

TESTS = Path(__file__).resolve().parents[1]
LISTS_ONLY = ("test_error_catalogue.py", "test_words_for_codes.py", Path(__file__).name)
"""Files that list codes and meet none."""


def codes_of_platform() -> dict[str, str]:
    """Every code that a module of the platform gives, with the class of error that has it by itself, if any."""
    found = {code: "" for code, path in codes_of_source().items() if SRC / "platform" in path.parents}
    found |= {code: "" for code, module in BY_ANOTHER_WAY.items() if module.startswith("platform/")}
    for path in (SRC / "platform").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found |= {code: node.name for code in found if _gives(node, code)}
    return found


def _gives(node: ast.ClassDef, code: str) -> bool:
    return any(isinstance(line, ast.Assign) and ast.unparse(line) == f"code = {code!r}" for line in node.body)


def named_in_tests(words: set[str]) -> dict[str, list[str]]:
    """By word, the tests and tables of tests in which it stands, as a text or as a name."""
    found: dict[str, list[str]] = {word: [] for word in words}
    for path in sorted(TESTS.rglob("*.py")):
        if path.name not in LISTS_ONLY:
            for statement in ast.parse(path.read_text("utf-8")).body:
                if not isinstance(statement, ast.Import | ast.ImportFrom):
                    place = getattr(statement, "name", str(statement.lineno))
                    for word in _words_in(statement) & words:
                        found[word].append(f"{path.relative_to(TESTS)}::{place}")
    return found


def _words_in(statement: ast.stmt) -> set[str]:
    nodes = list(ast.walk(statement))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return texts | {node.id for node in nodes if isinstance(node, ast.Name)}


CODES = codes_of_platform()
NAMED = named_in_tests({*CODES, *CODES.values()} - {""})


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_refusal_of_the_platform_is_met_by_a_test(code: str) -> None:
    """Of one that is new: a test that brings it about, and what is nearest to it and taken."""
    met_by = NAMED[code] + NAMED.get(CODES[code], [])
    assert met_by, f"no test meets {code}"


def test_many_refusals_were_found_and_the_tests_that_meet_them_are_known_by_name() -> None:
    assert len(CODES) >= 100
    assert "platform/test_refusals_of_money.py::test_shares_are_refused_where_the_lead_has_none" in NAMED["bad_shares"]
