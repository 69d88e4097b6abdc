"""The small cast that tests share: one plan, a few people, bills by their amounts."""

from __future__ import annotations

from datetime import date, datetime

from huimin.adjudication import BenefitProgram, Program, Schedule, compile_plan
from huimin.adjudication.program import ItemProgram
from huimin.money import parse_yuan
from huimin.settlement import Member, Settlement
from huimin.terms import find_plan

JIANGSU = "jiangsu/yihuibao-1/2022"
YEAR_START, YEAR_END = date(2022, 1, 1), date(2022, 12, 31)
WANG_FANG = "P00000001"
"""王芳, 43, employed: she buys for her family, and guides through the walk."""
FATHER = "P00000002"
"""王建国, 71, with high blood pressure: most bills are his."""
MOTHER = "P00000003"
"""李秀英, 69, healthy."""
DAUGHTER = "P00000004"
"""周子涵, 11: Wang Fang agrees for her."""
STRANGER = "P00000009"
"""Nobody of the family, and not insured: for the city, anybody."""


def jiangsu() -> Program:
    return compile_plan(find_plan(JIANGSU).plan)


def elsewhere_for_less() -> Program:
    """One benefit that pays 70 % of a bill of the city and 20 % of one from elsewhere."""
    elsewhere = Schedule((("place", "in", ("elsewhere",)),), ((0, 2_000),))
    schedules = (elsewhere, Schedule((), ((0, 7_000),)))
    benefit = BenefitProgram("medical", "self_paid", med_types=("21",), schedules=schedules)
    return Program("test/places", YEAR_START, YEAR_END, "settlement", (benefit,))


def two_benefits_on_one_list() -> Program:
    """Two benefits that pay half and a tenth of the drugs on one list: of a month's D 100 yuan count, of each E 50."""
    half, tenth = (
        BenefitProgram(name, "", items_on="drugs", med_types=("21",), schedules=(Schedule((), ((0, points),)),))
        for name, points in (("half", 5_000), ("tenth", 1_000))
    )
    items = (
        ItemProgram("D", None, None, (), None, month_limit=100_00),
        ItemProgram("E", None, None, (), None, unit_limit=50_00),
    )
    return Program("test/lists", YEAR_START, YEAR_END, "settlement", (half, tenth), item_lists=(("drugs", items),))


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
