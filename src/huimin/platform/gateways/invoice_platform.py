"""The invoice platform: issues electronic invoices in an insurer's name, and red ones that take them back (数电票平台).

An invoice is a tax matter: only the tax administration gives it its number. The platform takes what is asked, and may
be done minutes or days later; then it can be queried. A real one's adapter offers the same methods.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

__all__ = ["InvoiceAnswer", "InvoicePlatform", "InvoiceRequest", "InvoiceState", "Party", "RedRequest"]


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer. `number`: the taxpayer number; empty for a person."""

    name: str = field(repr=False)
    number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class InvoiceRequest:
    """Amounts in fen; `amount` has the `tax` in it. `tax_rate` in basis points, None where the premium is exempt."""

    key: str
    seller: Party
    buyer: Party
    item: str
    amount: int
    tax: int
    tax_rate: int | None
    remark: str
    day: date | None = None
    """Of a demonstration: which day it is there. A platform that is played goes by it; a real one has none."""


@dataclass(frozen=True, slots=True)
class RedRequest:
    """Take back `amount` fen, with the `tax` in it, of the invoice with this number. `reason` is a code."""

    key: str
    of: str
    seller: Party
    amount: int
    tax: int
    reason: str
    day: date | None = None


class InvoiceState(enum.StrEnum):
    ACCEPTED = "accepted"
    """The platform has it, and has not issued it yet."""
    TO_CONFIRM = "to_confirm"
    """Of a red one: the buyer has used the invoice for tax, and must confirm that it is taken back."""
    ISSUED = "issued"
    FAILED = "failed"
    """It will not be issued: the reason says why."""


@dataclass(frozen=True, slots=True)
class InvoiceAnswer:
    """What became of what was asked under this key. `amount` is as it was asked, in fen."""

    key: str
    state: InvoiceState
    amount: int
    number: str = ""
    """20 digits, once it is issued."""
    issued_on: date | None = None
    reason: str = ""


class InvoicePlatform(Protocol):
    def issue(self, request: InvoiceRequest) -> InvoiceAnswer:
        """Have an invoice issued. Raises a DoorError; after `Unclear` or `Duplicate`, query it.

        `Refused` says why: `buyer_not_registered`, `amount_not_possible`.
        """
        ...

    def issue_red(self, request: RedRequest) -> InvoiceAnswer:
        """Take back a part of an invoice, or the whole. Raises as `issue`; `Refused`: `invoice_not_known`,
        `more_than_is_left`."""
        ...

    def query(self, key: str) -> InvoiceAnswer | None:
        """What became of it; None where the platform knows nothing of this key. Raises a DoorError."""
        ...

    def file(self, key: str) -> bytes:
        """The invoice as PDF. Raises a DoorError."""
        ...
