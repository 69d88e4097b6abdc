"""The catalogue's worked years as members and bills."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from huimin.adjudication import Program, compile_plan
from huimin.money import parse_yuan
from huimin.settlement import INSUTYPES, MED_TYPES, Care, Item, Member, Settlement
from huimin.settlement.member import ANY_GROUP
from huimin.settlement.reading import parse_history
from huimin.terms import Plan, load_plan, plan_names

CATALOGUE = Path(str(files("huimin") / "plans"))
LANGUAGE = Path(__file__).resolve().parents[2] / "conformance" / "language"
"""An invented plan that uses the whole language."""


@dataclass(frozen=True)
class WorkedYear:
    name: str
    plan: Plan
    program: Program
    member: Member
    bills: list[Settlement]
    case: dict[str, Any]


def worked_years() -> Iterator[WorkedYear]:
    """Every case of every plan's cases.toml, and of the invented plan's."""
    for home in (*(CATALOGUE / name for name in plan_names()), LANGUAGE):
        plan = load_plan(home / "plan.toml").plan
        program = compile_plan(plan)
        for case in tomllib.loads((home / "cases.toml").read_text("utf-8"))["case"]:
            bills = case.get("bills") or [{key: case[key] for key in ("self_paid", "self_funded") if key in case}]
            facts = case.get("member") or {k: case[k] for k in ("pre_existing", "continuous_years") if k in case}
            rows = [_bill(program, number, bill) for number, bill in enumerate(bills)]
            yield WorkedYear(f"{plan.id}: {case['name']}", plan, program, _member(program, facts), rows, case)


def _member(program: Program, facts: dict[str, Any]) -> Member:
    groups = facts.get("pre_existing", False)
    return Member(
        psn_no="wang",
        cover_from=facts.get("cover_from", program.cover_from),
        cover_to=program.cover_to,
        birth_date=facts.get("birth_date"),
        insutype=INSUTYPES.get(facts.get("basic_insurance", "")),
        edition=facts.get("edition"),
        continuous_years=facts.get("continuous_years", 0),
        claim_free_years=facts.get("claim_free_years", 0),
        pre_existing=frozenset({ANY_GROUP} if groups is True else groups or ()),
        diagnosed=parse_history(facts["diagnosed"]) if "diagnosed" in facts else None,
        paid_before=tuple((pool, fen) for pool, fen in facts["paid_before"]) if "paid_before" in facts else None,
    )


def _bill(program: Program, number: int, facts: dict[str, Any]) -> Settlement:
    """A bill by what the person pays inside and outside the lists; on the first day of cover, unless told otherwise."""
    day: date = facts.get("day", program.cover_from + timedelta(days=number))
    self_funded = parse_yuan(facts.get("self_funded", "0"))
    amounts = {
        "psn_part_amt": parse_yuan(facts.get("self_paid", "0")) + self_funded,
        "fulamt_ownpay_amt": self_funded,
    }
    amounts |= {f"{name}_pay": parse_yuan(facts[name]) for name in ("charity", "mutual_aid") if name in facts}
    items = [Item(**{**item, "amount": parse_yuan(item["amount"])}) for item in facts.get("items", [])]
    care = Care(
        hospital=facts.get("hospital"),
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
    return Settlement(f"S{number}", "wang", moment, med_type, amounts, facts.get("admission", day), day, care=care)
