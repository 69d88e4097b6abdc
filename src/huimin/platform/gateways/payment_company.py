"""The payment company: takes premiums from payers on a page of its own, and gives money back (支付机构).

It tells the outcome of a payment by a signed notice, perhaps late, perhaps more than once, perhaps never; then it can
be queried. By an agreement that a payer signs with it, it takes premiums without the payer (委托代扣). A real company's
adapter offers the same methods.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from huimin.errors import HuiminError

__all__ = [
    "Agreement",
    "AgreementRequest",
    "AgreementState",
    "Deduction",
    "Notice",
    "NoticeError",
    "OrderState",
    "PaymentCompany",
    "PaymentOrder",
    "PaymentRequest",
    "Refund",
    "RefundRequest",
    "RefundState",
]


class NoticeError(HuiminError):
    """What came as a notice is none: `bad_signature`, or `bad_notice` where it is signed and cannot be read."""

    code = "bad_notice"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What the payer is sent to pay. `amount` in fen. `notify` is told the outcome; the payer comes back to `back`."""

    reference: str
    amount: int
    subject: str
    notify: str
    back: str
    day: date | None = None
    """Of a demonstration: which day it is there. A company of ours that is played goes by it; a real one has none."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the company says of a payment: status is paid or failed, amount in fen. One transaction is one attempt."""

    notice_id: str
    reference: str
    status: str
    amount: int
    transaction: str
    paid_at: datetime | None = None
    """When the payer paid, where the company says so: a notice may come long after."""


@dataclass(frozen=True, slots=True)
class AgreementRequest:
    """What the payer is sent to sign. `key` is ours. `notify` is told what they did; they come back to `back`."""

    key: str
    subject: str
    notify: str
    back: str
    day: date | None = None
    """As of a PaymentRequest."""


class AgreementState(enum.StrEnum):
    NOT_KNOWN = "not_known"
    """The payer never got to the company's page."""
    WAITING = "waiting"
    IN_FORCE = "in_force"
    ENDED = "ended"
    """Declined, or ended by either side. It never comes back: who wants it again signs another."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the company knows of an agreement. `number` is the company's; `at`: since when it stands so."""

    key: str
    state: AgreementState
    number: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deduction:
    """Money to be taken by an agreement, of which `agreement` is the company's number. `amount` in fen.

    One `reference` is one payment.
    """

    reference: str
    amount: int
    subject: str
    notify: str
    agreement: str
    day: date | None = None
    """As of a PaymentRequest."""


class OrderState(enum.StrEnum):
    NOT_KNOWN = "not_known"
    """The payer never got to the company's page."""
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    """An attempt failed. Another may still succeed."""


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What the company knows of a payment that we asked for. `notice` is there once it is paid or failed."""

    reference: str
    state: OrderState
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money to go back to the payer of a transaction. `key` is ours: one key is one refund. `amount` in fen."""

    key: str
    reference: str
    transaction: str
    amount: int


class RefundState(enum.StrEnum):
    ACCEPTED = "accepted"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Refund:
    """What the company says became of a refund. `amount` in fen, as it was asked for."""

    key: str
    state: RefundState
    amount: int


class PaymentCompany(Protocol):
    code: str

    def payer_address(self, request: PaymentRequest) -> str:
        """Where to send the payer. It is signed here; nobody is called."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """A notice whose signature was checked. Raises NoticeError (`bad_signature`, `bad_notice`)."""
        ...

    def query_order(self, reference: str) -> PaymentOrder:
        """What the company knows of a payment now. Raises a DoorError."""
        ...

    def deduct(self, deduction: Deduction) -> PaymentOrder:
        """Have money taken. A notice may come as well. Raises a DoorError; after `Unclear` or `Duplicate`, query the
        order; `Refused` where the account does not pay (`account_declined`), or the agreement is over
        (`agreement_ended`)."""
        ...

    def agreement_address(self, request: AgreementRequest) -> str:
        """Where to send the payer to sign. It is signed here; nobody is called."""
        ...

    def read_agreement(self, headers: Mapping[str, str], body: bytes) -> Agreement:
        """A notice of an agreement, whose signature was checked. Raises NoticeError, as `read_notice`."""
        ...

    def query_agreement(self, key: str) -> Agreement:
        """How an agreement stands now; not known where nobody came to sign. Raises a DoorError."""
        ...

    def end_agreement(self, key: str) -> Agreement:
        """End an agreement; one that is ended stays so, and one that nobody signed is not known. Raises a DoorError."""
        ...

    def refund(self, request: RefundRequest) -> Refund:
        """Have money sent back. Raises a DoorError; after `Unclear` or `Duplicate`, query the refund."""
        ...

    def daily_file(self, day: date) -> str:
        """The company's file of that day, a CSV as it wrote it.

        Raises a DoorError; `Refused` with `file_not_ready` while there is none yet.
        """
        ...

    def query_refund(self, key: str) -> Refund | None:
        """What became of the refund with this key; None where the company has none. Raises a DoorError."""
        ...
