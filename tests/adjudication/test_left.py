"""What a year leaves of the deductibles and limits that a bill meets, on both sides of each boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin.adjudication import adjudicate, compile_plan
from huimin.adjudication.left import Left, left_of
from huimin.settlement import Member, Settlement, bill_of_amounts
from huimin.terms import load_plan_text
from small_plan import BENEFIT, DEDUCTIBLE, HEAD, SECOND, SOURCES, TIERS

SHARED = 'deductible = { per = "year", yuan = "100.00", source = "clauses", shared = "both" }\n'


def bill(name: str, yuan: int, day: str = "2024-03-01") -> Settlement:
    return replace(bill_of_amounts("wang", date.fromisoformat(day), yuan * 100, 0), setl_id=name)


def left(parts: tuple[str, ...], *bills: Settlement, **facts: Any) -> list[Left]:
    """What is left for the last of the bills, without it and with it."""
    program = compile_plan(load_plan_text(HEAD + "".join(parts), SOURCES).plan)
    member = Member("wang", date(2024, 1, 1), date(2024, 12, 31), **facts)
    before, after = (adjudicate(program, member, some).decisions for some in (bills[:-1], bills))
    decision = next(one for one in after if one.settlement.setl_id == bills[-1].setl_id)
    return list(left_of(program, decision, before, after, dict(member.paid_before or ())))


def limit(per: str, yuan: int) -> str:
    return f'limits = [{{ per = "{per}", yuan = "{yuan}", source = "clauses" }}]\n'


@pytest.mark.parametrize(
    ("earlier", "this", "before", "after"),
    [(0, 40, 100_00, 60_00), (60, 39, 40_00, 1_00), (60, 40, 40_00, 0), (60, 41, 40_00, 0), (200, 50, 0, 0)],
)
def test_a_deductible_of_the_year_is_used_up_by_every_bill(earlier: int, this: int, before: int, after: int) -> None:
    (found,) = left((BENEFIT, TIERS, DEDUCTIBLE), bill("A", earlier), bill("B", this))
    assert (found.kind, found.per, found.amount) == ("deductible", "year", 100_00)
    assert (found.before, found.after, found.benefits, found.source) == (before, after, ("medical",), "clauses")


def test_a_later_bill_counts_as_an_earlier_one_does() -> None:
    (found,) = left((BENEFIT, TIERS, DEDUCTIBLE), bill("LATER", 60, "2024-05-01"), bill("B", 30))
    assert (found.before, found.after) == (40_00, 10_00)


def test_what_two_benefits_share_is_one_line_with_both() -> None:
    (found,) = left((BENEFIT, TIERS, SHARED, SECOND, SHARED), bill("A", 30))
    assert (found.benefits, found.before, found.after) == (("medical", "second"), 100_00, 40_00)


@pytest.mark.parametrize(
    ("per", "day", "before"),
    [("year", "2024-01-31", 40_00), ("month", "2024-03-31", 40_00), ("month", "2024-02-29", 90_00)],
)
def test_a_limit_counts_what_was_paid_in_its_period(per: str, day: str, before: int) -> None:
    (found,) = left((BENEFIT, TIERS, limit(per, 90)), bill("A", 100, day), bill("B", 60))
    assert (found.kind, found.per, found.before, found.after) == ("limit", per, before, before - 30_00)


def test_a_limit_for_life_counts_what_earlier_years_paid() -> None:
    plan = (BENEFIT, TIERS, limit("life", 90))
    (first,) = left(plan, bill("A", 20))
    program = compile_plan(load_plan_text(HEAD + "".join(plan), SOURCES).plan)
    paid = tuple((pool, 50_00) for pool in program.life_pools)
    (found,) = left(plan, bill("A", 20), paid_before=paid, continuous_years=1)
    assert ((first.before, first.after), (found.before, found.after)) == ((90_00, 80_00), (40_00, 30_00))


def test_what_begins_anew_with_each_bill_is_not_listed() -> None:
    of_bills = DEDUCTIBLE.replace('"year"', '"settlement"')
    assert left((BENEFIT, TIERS, of_bills, limit("settlement", 90)), bill("A", 300)) == []


@given(st.lists(st.integers(0, 300), min_size=1, max_size=5))
def test_what_is_left_is_the_whole_less_what_every_bill_used(yuan: list[int]) -> None:
    """The evaluator keeps a sum of its own; this one is made from its decisions."""
    bills = [bill(str(number), one) for number, one in enumerate(yuan)]
    deductible, paid = left((BENEFIT, TIERS, DEDUCTIBLE, limit("year", 120)), *bills)
    excess = max(0, sum(yuan) - 100)
    assert (deductible.after, paid.after) == (max(0, 100 - sum(yuan)) * 100, max(0, 120_00 - excess * 50))
    earlier = sum(yuan[:-1])
    assert (deductible.before, paid.before) == (
        max(0, 100 - earlier) * 100,
        max(0, 120_00 - max(0, earlier - 100) * 50),
    )
