"""Every worked year of every plan in the catalogue, to the fen, with explanations that add up."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from huimin.adjudication import Program, adjudicate, compile_plan, explain, program_from_json, program_to_json
from huimin.money import format_yuan, parse_yuan
from huimin.settlement import MED_TYPES, Care, Item, Member, Settlement
from huimin.settlement.member import ANY_GROUP
from huimin.terms import find_plan, plan_names

CATALOGUE = Path(str(files("huimin") / "plans"))
INSUTYPE = {"employee": "310", "resident": "390"}


def cases() -> list[Any]:
    found = []
    for name in plan_names():
        for case in tomllib.loads((CATALOGUE / name / "cases.toml").read_text("utf-8"))["case"]:
            found.append(pytest.param(name, case, id=f"{name}: {case['name']}"))
    return found


def member(program: Program, facts: dict[str, Any]) -> Member:
    groups = facts.get("pre_existing", False)
    return Member(
        psn_no="wang",
        cover_from=facts.get("cover_from", program.cover_from),
        cover_to=program.cover_to,
        birth_date=facts.get("birth_date"),
        insutype=INSUTYPE.get(facts.get("basic_insurance", "")),
        edition=facts.get("edition"),
        continuous_years=facts.get("continuous_years", 0),
        claim_free_years=facts.get("claim_free_years", 0),
        pre_existing=frozenset({ANY_GROUP} if groups is True else groups or ()),
    )


def bill(program: Program, number: int, facts: dict[str, Any]) -> Settlement:
    """A bill by what the person pays inside and outside the lists; on the first day of cover, unless told otherwise."""
    day: date = facts.get("day", program.cover_from + timedelta(days=number))
    self_funded = parse_yuan(facts.get("self_funded", "0"))
    amounts = {
        "psn_part_amt": parse_yuan(facts.get("self_paid", "0")) + self_funded,
        "fulamt_ownpay_amt": self_funded,
    }
    items = [Item(item["code"], parse_yuan(item["amount"]), item.get("day")) for item in facts.get("items", [])]
    care = Care(
        hospital_level=facts.get("hospital_level"),
        place=facts.get("place"),
        ward=facts.get("ward"),
        settled_by_basic_insurance=facts.get("settled_by_basic_insurance"),
        accident=facts.get("accident"),
        diagnoses=tuple(facts["diagnoses"]) if "diagnoses" in facts else None,
        items=tuple(items) if "items" in facts else None,
    )
    moment = datetime.combine(day, datetime.min.time())
    med_type = MED_TYPES[facts.get("setting", "inpatient")]
    return Settlement(f"S{number}", "wang", moment, med_type, amounts, day, day, care=care)


@pytest.mark.parametrize(("plan_name", "case"), cases())
def test_a_worked_year_is_paid_to_the_fen(plan_name: str, case: dict[str, Any]) -> None:
    plan = find_plan(plan_name).plan
    program = program_from_json(program_to_json(compile_plan(plan)))
    bills = case.get("bills") or [{key: case[key] for key in ("self_paid", "self_funded") if key in case}]
    facts = case.get("member") or {k: case[k] for k in ("pre_existing", "continuous_years") if k in case}
    year = adjudicate(program, member(program, facts), [bill(program, n, b) for n, b in enumerate(bills)])
    assert [refusal.code for refusal in year.refused] == case.get("refused", [])
    paid: Counter[str] = Counter()
    undecided: set[str] = set()
    for decision in year.decisions:
        undecided |= {*decision.undecided}
        for line in decision.benefits:
            paid[line.benefit] += line.payable
        explanation = explain(program, decision)
        assert sum(part.amount for part in explanation.parts) == explanation.bill
    expected = case["pays"]
    if isinstance(expected, list):
        known = [benefit.id for benefit in plan.benefit if benefit.unknown is None]
        expected = dict(zip(known, expected, strict=True))
    assert {name: format_yuan(paid[name]) for name in paid.keys() | expected.keys()} == expected
    assert undecided == set(case.get("undecided", []))


def test_every_plan_of_the_catalogue_has_cases() -> None:
    assert plan_names()
    assert all((CATALOGUE / name / "cases.toml").is_file() for name in plan_names())
