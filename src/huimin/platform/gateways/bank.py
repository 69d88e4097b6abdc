"""The bank that pays claims out: orders one by one, what became of each, and a statement a day (银企直联).

A payout may come back after it was paid: the account is closed, or the name is another's (退汇). A real bank's adapter
offers the same methods.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

__all__ = ["Bank", "PaidOut", "PayoutOrder", "PayoutState"]


@dataclass(frozen=True, slots=True)
class PayoutOrder:
    """Money to go to an account. `key` is ours: one key is one payout. `amount` in fen. `purpose`: what the payee's
    own statement says it is for.
    """

    key: str
    amount: int
    name: str = field(repr=False)
    account: str = field(repr=False)
    purpose: str
    day: date | None = None
    """As of a PaymentRequest: the day that it is in a demonstration."""


class PayoutState(enum.StrEnum):
    ACCEPTED = "accepted"
    """The bank has it, and has not carried it out yet."""
    PAID = "paid"
    RETURNED = "returned"
    """It did not get there, or came back: `reason` says why."""


@dataclass(frozen=True, slots=True)
class PaidOut:
    """What the bank says became of a payout. `amount` in fen, as it was asked for."""

    key: str
    state: PayoutState
    amount: int
    reason: str = ""


class Bank(Protocol):
    code: str

    def pay(self, order: PayoutOrder) -> PaidOut:
        """Have money paid. Raises a DoorError; after `Unclear` or `Duplicate`, query it."""
        ...

    def query(self, key: str) -> PaidOut | None:
        """What became of the payout with this key; None where the bank has none. Raises a DoorError."""
        ...

    def statement(self, day: date) -> str:
        """The bank's statement of that day, a CSV as it wrote it. Raises a DoorError."""
        ...
