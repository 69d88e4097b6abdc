"""Every worked year of every plan in the catalogue, to the fen, with explanations that add up."""

from __future__ import annotations

from collections import Counter

import pytest

from cases.worked_years import CATALOGUE, WorkedYear, worked_years
from huimin.adjudication import adjudicate, explain, program_from_json, program_to_json
from huimin.money import format_yuan
from huimin.terms import plan_names


@pytest.mark.parametrize("worked", [pytest.param(year, id=year.name) for year in worked_years()])
def test_a_worked_year_is_paid_to_the_fen(worked: WorkedYear) -> None:
    program = program_from_json(program_to_json(worked.program))
    year = adjudicate(program, worked.member, worked.bills)
    assert [refusal.code for refusal in year.refused] == worked.case.get("refused", [])
    paid: Counter[str] = Counter()
    undecided: set[str] = set()
    excluded: set[str] = set()
    for decision in year.decisions:
        undecided |= {one.benefit for one in decision.undecided}
        excluded |= {*decision.excluded}
        for line in decision.benefits:
            paid[line.benefit] += line.payable
        explanation = explain(program, decision)
        assert sum(part.amount for part in explanation.parts) == explanation.bill
    expected = worked.case["pays"]
    if isinstance(expected, list):
        known = [benefit.id for benefit in worked.plan.benefit if benefit.unknown is None]
        expected = dict(zip(known, expected, strict=True))
    assert {name: format_yuan(paid[name]) for name in paid.keys() | expected.keys()} == expected
    assert undecided == set(worked.case.get("undecided", []))
    assert excluded == set(worked.case.get("excluded", []))


def test_every_plan_of_the_catalogue_has_cases() -> None:
    assert plan_names()
    assert all((CATALOGUE / name / "cases.toml").is_file() for name in plan_names())
