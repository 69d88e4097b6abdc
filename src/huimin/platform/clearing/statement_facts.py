"""A statement and a line of one as others see them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from huimin.platform.clearing.models import LineKind, LineState
from huimin.platform.payouts.api import PayoutFacts, PayoutStatus

__all__ = ["LineFacts", "LineSums", "StatementFacts", "StatementState"]


class StatementState(enum.StrEnum):
    """How a statement stands, by what has to happen next."""

    WAITING = "waiting"
    """For the hospital's answers."""
    OVERDUE = "overdue"
    """Lines were not answered to the last day: they stay open until the hospital answers."""
    DISPUTED = "disputed"
    SETTLED = "settled"
    """Every line is agreed to or decided; the next night pays, if there is an account."""
    TO_CORRECT = "to_correct"
    """All that is not paid waits for the hospital's corrections."""
    CARRIED = "carried"
    """What is left comes to nothing, or the hospital owes it: it is kept of what comes next."""
    PAYING = "paying"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class LineSums:
    count: int = 0
    amount: int = 0
    """In fen."""

    def with_more(self, count: int, amount: int) -> LineSums:
        return LineSums(self.count + count, self.amount + amount)


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """`amount` in fen; `by_state`: its lines by how each stands; `paid`, `paying`: those in payouts that stand."""

    id: int
    client_id: int
    party: str
    month: date
    rows: int
    amount: int
    digest: str
    answer_until: date
    made_at: datetime
    by_state: Mapping[LineState, LineSums]
    paid: LineSums
    paying: LineSums
    day: date
    """The day on which it was read."""

    def of_state(self, state: str) -> LineSums:
        return self.by_state.get(LineState(state), LineSums())

    @property
    def unpaid(self) -> LineSums:
        return LineSums(
            self.rows - self.paid.count - self.paying.count, self.amount - self.paid.amount - self.paying.amount
        )

    @property
    def state(self) -> StatementState:
        if self.of_state(LineState.OPEN).count:
            return StatementState.OVERDUE if self.answer_until < self.day else StatementState.WAITING
        if self.of_state(LineState.DISPUTED).count:
            return StatementState.DISPUTED
        if not self.unpaid.count:
            return StatementState.PAYING if self.paying.count else StatementState.PAID
        if self.unpaid == self.of_state(LineState.TO_CORRECT):
            return StatementState.TO_CORRECT
        return StatementState.SETTLED if self.unpaid.amount > 0 else StatementState.CARRIED


@dataclass(frozen=True, slots=True)
class LineFacts:
    """`amount` in fen. `cause_sender`, `cause_number`: who sent the message that led to it, by the client's code, and
    its own number; `earlier_month`: the month of the statement that has the bill's line before, if one has.
    """

    id: int
    statement_id: int
    number: int
    setl_id: str
    kind: LineKind
    cause_sender: str
    cause_number: str
    discharged_on: date | None
    settled_on: date
    earlier_month: date | None
    amount: int
    state: LineState
    reason: str
    note: str
    answered_at: datetime | None
    payout: PayoutFacts | None
    """The last one that it was in: it may have come back."""

    @property
    def is_paid(self) -> bool:
        return self.payout is not None and self.payout.status is PayoutStatus.PAID

    @property
    def is_in_payment(self) -> bool:
        return self.payout is not None and self.payout.stands and not self.is_paid
