"""The catalogue of errors has every code that the source gives, and no other, in two languages."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import huimin
from huimin.error_catalogue import GROUPS, CatalogueEntry, entry_of, error_catalogue

SRC = Path(huimin.__file__).parent
ROOT = SRC.parent.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
GIVES_A_CODE = {"Refusal": 1, "Identity": 0, "Trouble": 0, "problem": 0, "refusal": 1, "refuse_unclean": 2}
"""Calls that take a code as an argument without a name, and which argument it is."""
BY_ANOTHER_WAY = {
    "not_insured": "platform/enrolment/eligibility.py",
    "other_basic_insurance": "platform/enrolment/eligibility.py",
    "covered_elsewhere": "platform/enrolment/elsewhere.py",
    "not_known_to_bureau": "platform/enrolment/bureau/answering.py",
    "name_differs_at_bureau": "platform/enrolment/bureau/answering.py",
    "price_changed": "platform/enrolment/bureau/answering.py",
    "means_failed": "platform/enrolment/issuing.py",
    "bad_host": "platform/api/first.py",
    "request_too_large": "platform/api/first.py",
    "duplicate_header": "platform/processes/refusals.py",
    "bad_date": "settlement/reading.py",
    "wrong_code": "platform/people/services.py",
    "code_expired": "platform/people/services.py",
    "worker_lost": "platform/tasks/holding.py",
    "bad_usage": "cli/parsing.py",
}
"""Codes that no call shows, since a variable or a dictionary holds them; and the module in which they stand."""


def codes_of_source() -> dict[str, Path]:
    """Every code that a module gives, with the module."""
    found: dict[str, Path] = {}
    for path in sorted(SRC.rglob("*.py")):
        if "migrations" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                found.update(dict.fromkeys(_codes_of(node), path))
    proxy = ROOT / "docs" / "nginx.conf"
    found |= dict.fromkeys(re.findall(r'"code":"(\w+)"', proxy.read_text("utf-8")), proxy)
    return found


def _codes_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        ours = name.endswith("Error") and name != "ValidationError"  # a form's faults have codes of their own
        given = [word.value for word in node.keywords if word.arg == "code"] if ours else []
        place = GIVES_A_CODE.get(name)
        yield from _texts([*given, *(node.args[place : place + 1] if place is not None else [])])
    elif isinstance(node, ast.ClassDef) and any(
        ast.unparse(one).endswith(("Error", "Exception")) for one in node.bases
    ):
        for one in node.body:
            if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == "code":
                yield from _texts([one.value])


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for one in nodes:
        branches = [one.body, one.orelse] if isinstance(one, ast.IfExp) else [one]
        yield from (leaf.value for leaf in branches if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str))


def test_every_code_that_the_source_gives_is_in_the_catalogue() -> None:
    """A new one: add its sentence and what to do, in both languages, to a file of src/huimin/error_catalogue/."""
    found = codes_of_source()
    assert len(found) > 130
    assert {code: str(path) for code, path in found.items() if code not in error_catalogue()} == {}


def test_no_code_is_in_the_catalogue_that_the_source_does_not_give() -> None:
    for code, module in BY_ANOTHER_WAY.items():
        assert f'"{code}"' in (SRC / module).read_text("utf-8"), f"{module} no longer gives {code}"
    assert set(error_catalogue()) - set(codes_of_source()) - set(BY_ANOTHER_WAY) == set()


@pytest.mark.parametrize("entry", error_catalogue().values(), ids=lambda entry: entry.code)
def test_an_entry_says_what_it_is_and_what_to_do_in_whole_sentences_of_both_languages(entry: CatalogueEntry) -> None:
    assert entry.group in GROUPS
    commands = entry.mend.startswith("pip install")
    assert entry.en.endswith(".")
    assert not CHINESE.search(entry.en + entry.mend)
    assert entry.zh.endswith("。")
    assert CHINESE.search(entry.zh)
    assert commands or (entry.mend.endswith(".") and entry.mend_zh.endswith("。") and CHINESE.search(entry.mend_zh))
    assert entry.words("zh-hans") == (entry.zh, entry.mend_zh)
    assert entry.words("en") == (entry.en, entry.mend)


def test_a_code_that_nobody_gives_has_no_entry() -> None:
    assert entry_of("no_such_code") is None


@pytest.mark.parametrize("entry", error_catalogue().values(), ids=lambda entry: entry.code)
def test_what_is_to_be_typed_stands_between_backticks(entry: CatalogueEntry) -> None:
    """Pages show it as code: on a Chinese page a bare command reads as three English words."""
    for text in (entry.en, entry.zh, entry.mend, entry.mend_zh):
        assert text.count("`") % 2 == 0
        outside = "".join(text.split("`")[::2])
        assert not re.search(r"huimin (?!knows)[a-z]|make [a-z]+ [A-Z]|--[a-z]", outside), text


def test_no_code_stands_in_two_groups() -> None:
    """Two contexts that took one code would share its sentence and, at the API, its status."""
    home = Path(huimin.__file__).parent / "error_catalogue"
    found = Counter(code for group in GROUPS for code in tomllib.loads((home / f"{group}.toml").read_text("utf-8")))
    assert [code for code, times in found.items() if times > 1] == []
