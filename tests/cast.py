"""The small cast that tests share: one plan, a few people, bills by their amounts."""

from __future__ import annotations

from datetime import date, datetime

from huimin.adjudication import Program, compile_plan
from huimin.money import parse_yuan
from huimin.settlement import Member, Settlement
from huimin.terms import find_plan

JIANGSU = "jiangsu/yihuibao-1/2022"
YEAR_START, YEAR_END = date(2022, 1, 1), date(2022, 12, 31)


def jiangsu() -> Program:
    return compile_plan(find_plan(JIANGSU).plan)


def member(psn_no: str = "wang", **facts: object) -> Member:
    """Wang: healthy, first enrolment, covered all year, unless told otherwise."""
    return Member(**{"psn_no": psn_no, "cover_from": YEAR_START, "cover_to": YEAR_END, **facts})  # type: ignore[arg-type]


def bill(
    self_paid: str = "0",
    self_funded: str = "0",
    *,
    setl_id: str = "S1",
    day: str = "2022-03-01",
    med_type: str = "21",
    psn_no: str = "wang",
    reverses: str | None = None,
    **amounts: str,
) -> Settlement:
    """A bill by what the person pays inside and outside the lists, in yuan; more amounts by their national names."""
    known = {
        "psn_part_amt": parse_yuan(self_paid) + parse_yuan(self_funded),
        "fulamt_ownpay_amt": parse_yuan(self_funded),
    }
    known |= {name: parse_yuan(amount) for name, amount in amounts.items()}
    return Settlement(setl_id, psn_no, datetime.fromisoformat(day), med_type, known, reverses=reverses)
