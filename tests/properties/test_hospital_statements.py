"""Whatever is decided, and however statements cut it into months: every decision is stated once, and what is stated and
what is still to be stated are together what is owed. What may be paid is never more than that.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from huimin.platform.claims.api import NamedBill
from huimin.platform.clearing.lines import DrawnLine, drawn_lines
from huimin.platform.clearing.models import LineKind, LineState, StatementLine
from huimin.platform.clearing.money import by_bill, payable
from huimin.platform.foundation.clock import month_after
from huimin.platform.ledger.api import Decided

FIRST = date(2022, 1, 1)
MONTHS = [FIRST, date(2022, 2, 1), date(2022, 3, 1), date(2022, 4, 1)]


@st.composite
def decisions(draw: st.DrawFn) -> tuple[list[Decided], dict[str, NamedBill]]:
    """Bills that are settled, corrected and reversed by messages of any day, in the order in which they come."""
    found, bills = [], {}
    for entry in range(1, draw(st.integers(0, 12)) + 1):
        source = f"settlement:h:{draw(st.sampled_from('ABC'))}"
        day = FIRST + timedelta(days=draw(st.integers(0, 119)))
        cause = f"settlement:h:{entry}"
        bills.setdefault(source, NamedBill(source[-1], day, None, None))
        bills[cause] = NamedBill(str(entry), day, None, draw(st.sampled_from([None, source[-1]])))
        amount = draw(st.integers(-500, 500).filter(bool))
        found.append(Decided(entry, source, cause, amount, datetime.combine(day, datetime.min.time())))
    return found, bills


def stated(decided: list[Decided], bills: dict[str, NamedBill]) -> list[list[DrawnLine]]:
    """Month by month, as statements are made."""
    months: list[list[DrawnLine]] = []
    known: dict[str, date] = {}
    for month in MONTHS:
        done = {line.decided.entry for lines in months for line in lines}
        left = [one for one in decided if one.entry not in done]
        lines = drawn_lines(left, bills, known, month_after(month))
        known |= {line.decided.source: line.settled_on for line in lines}
        months.append(lines)
    return months


@given(decisions())
def test_every_decision_is_stated_once_and_in_no_month_before_its_own(
    made: tuple[list[Decided], dict[str, NamedBill]],
) -> None:
    decided, bills = made
    months = stated(decided, bills)
    entries = [line.decided.entry for lines in months for line in lines]
    assert sorted(entries) == [one.entry for one in decided]
    for month, lines in zip(MONTHS, months, strict=True):
        assert all(line.settled_on < month_after(month) for line in lines)
    for number in range(len(months)):
        so_far = sum(line.amount for lines in months[: number + 1] for line in lines)
        left = sum(line.amount for lines in months[number + 1 :] for line in lines)
        assert so_far + left == sum(one.amount for one in decided)


@given(decisions())
def test_a_bill_is_never_taken_back_before_it_is_stated(made: tuple[list[Decided], dict[str, NamedBill]]) -> None:
    decided, bills = made
    order = [line.decided for lines in stated(decided, bills) for line in lines]
    for source in bills:
        of_bill = [one.entry for one in order if one.source == source]
        assert of_bill == sorted(of_bill)
    firsts = {one.source: one for one in reversed(decided)}
    for line in (line for lines in stated(decided, bills) for line in lines):
        first = firsts[line.decided.source] is line.decided
        assert (line.kind is LineKind.SETTLEMENT) == (first and line.amount > 0)


@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.integers(-9, 9).filter(bool), st.sampled_from(list(LineState))), max_size=9
    )
)
def test_what_may_be_paid_is_what_is_settled_and_corrections_bring_the_line_that_they_correct(
    rows: list[tuple[str, int, LineState]],
) -> None:
    lines = [
        StatementLine(pk=number, source=source, amount=amount, state=state)
        for number, (source, amount, state) in enumerate(rows, start=1)
    ]
    due = payable(lines)
    assert {line.state for line in due} <= {LineState.AGREED, LineState.STANDS, LineState.TO_CORRECT}
    for line in lines:
        settled = line.state in (LineState.AGREED, LineState.STANDS)
        later = any(
            one.source == line.source and one.pk > line.pk and one.state in (LineState.AGREED, LineState.STANDS)
            for one in lines
        )
        assert (line in due) == (settled or (line.state == LineState.TO_CORRECT and later))
    assert sum(by_bill(due).values()) == sum(line.amount for line in due)
