"""Every worked bill of every plan in the catalogue, to the fen, with an explanation that adds up."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from cast import bill, member
from huimin.adjudication import adjudicate, compile_plan, explain
from huimin.money import format_yuan
from huimin.settlement.member import ANY_GROUP
from huimin.terms import find_plan, plan_names

CATALOGUE = Path(str(files("huimin") / "plans"))


def cases() -> list[Any]:
    found = []
    for name in plan_names():
        for case in tomllib.loads((CATALOGUE / name / "cases.toml").read_text("utf-8"))["case"]:
            found.append(pytest.param(name, case, id=f"{name}: {case['name']}"))
    return found


@pytest.mark.parametrize(("plan_name", "case"), cases())
def test_a_worked_bill_is_paid_to_the_fen(plan_name: str, case: dict[str, Any]) -> None:
    program = compile_plan(find_plan(plan_name).plan)
    wang = member(
        pre_existing=frozenset({ANY_GROUP}) if case.get("pre_existing") else frozenset(),
        continuous_years=case.get("continuous_years", 0),
    )
    year = adjudicate(program, wang, [bill(case["self_paid"], case["self_funded"])])
    (decision,) = year.decisions
    assert [format_yuan(benefit.payable) for benefit in decision.benefits] == case["pays"]
    explanation = explain(program, decision)
    assert sum(part.amount for part in explanation.parts) == explanation.bill


def test_every_plan_of_the_catalogue_has_cases() -> None:
    assert plan_names()
    assert all((CATALOGUE / name / "cases.toml").is_file() for name in plan_names())
