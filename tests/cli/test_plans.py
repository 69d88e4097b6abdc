"""The commands about plans: programs, comparison, quotes, and what would be paid."""

from __future__ import annotations

import json
import re

import pytest

from cast import JIANGSU
from huimin.adjudication import compile_plan, program_from_json, program_to_json
from huimin.cli import main
from huimin.terms import find_plan


def test_plans_compile_writes_a_program_that_decides_like_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plans", "compile", JIANGSU]) == 0
    text = capsys.readouterr().out.strip()
    program = program_from_json(text)
    assert program == compile_plan(find_plan(JIANGSU).plan)
    assert program_to_json(program) == text
    assert "." not in re.sub(r'"[^"]*"', "", text), "a program holds integers only"


def test_plans_compare_says_what_differs_and_that_nothing_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plans", "compare", "shanghai/huhuibao/2022", "shanghai/huhuibao/2025", "--language", "en"]) == 0
    printed = capsys.readouterr().out
    assert "- Deductible of the year: ¥20,000" in printed
    assert "+ Deductible of the year: ¥12,000" in printed
    assert "Pays at most ¥1,000,000 a year" not in printed
    assert main(["plans", "compare", JIANGSU, JIANGSU, "--language", "en"]) == 0
    assert capsys.readouterr().out == "No difference.\n"


@pytest.mark.parametrize(("age", "price"), [("17", "50.00"), ("18", "100.00")])
def test_a_quote_depends_on_the_facts_that_the_price_names(
    capsys: pytest.CaptureFixture[str], age: str, price: str
) -> None:
    assert main(["quote", "ningbo/yongningbao/2025", "--age", age]) == 0
    assert capsys.readouterr().out == f"{price}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["quote", "ningbo/yongningbao/2025"], "the price depends on age"),
        (["quote", "liaocheng/zhaohuibao/2022"], "is not known"),
        (["quote", "dazhou/dahuibao/2022", "--edition", "gold"], "expected basic or upgraded"),
        (["calculate", "liaocheng/zhaohuibao/2022", "--item", "car-t"], "expected items such as A01=1200.00"),
        (["calculate", "liaocheng/zhaohuibao/2022", "--self-funded", "5"], "items were not reported"),
        (["calculate", "beijing/puhui/2022", "--self-paid", "5"], "ask for basic_insurance"),
    ],
)
def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_calculate_names_what_it_could_not_compute(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", "nanjing/ninghuibao/2022", "--self-paid", "50000", "--language", "en"]) == 0
    printed = capsys.readouterr().out
    assert "27,200.00" in printed
    assert "This bill is only partly decided" in printed
    assert "“Self-funded costs outside the lists” is undecided: its deductible is not known." in printed


def test_plans_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plans", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["benefit"]["description"].startswith("保险责任")
