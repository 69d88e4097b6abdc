"""Invoices, read: those of one payer or organisation with what can still be asked for, and those that staff look at."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.invoicing.issuers import issuers_by_plan_year
from huimin.platform.invoicing.models import Colour, Invoice, InvoiceFile, InvoiceStatus
from huimin.platform.invoicing.paid import PaidAmount, amounts_of_organisation, paid_amounts_of
from huimin.platform.invoicing.titles import Title

__all__ = [
    "AmountWithInvoices",
    "InvoiceFacts",
    "file_for_organisation",
    "invoice_file",
    "invoices_of_organisation",
    "invoices_open",
    "invoices_with_payer",
    "open_invoices",
]

_DONE = (InvoiceStatus.ISSUED, InvoiceStatus.GIVEN_UP)


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """An invoice as pages show it. Amounts in fen; of a red one they are taken back."""

    id: int
    source: str
    red: bool
    status: InvoiceStatus
    amount: int
    tax: int
    tax_rate: int | None
    title: Title = field(repr=False)
    seller: str
    number: str
    issued_on: date | None
    has_file: bool
    reason: str
    fault: str
    asked_at: datetime
    payer_id: int | None


@dataclass(frozen=True, slots=True)
class AmountWithInvoices:
    """What a resident paid, with its invoices, the oldest first. `may_ask`: none stands, and one can be issued."""

    paid: PaidAmount
    invoices: Sequence[InvoiceFacts]
    may_ask: bool

    @property
    def standing(self) -> InvoiceFacts | None:
        """The blue invoice that counts, if there is one."""
        blues = [one for one in self.invoices if not one.red and one.status != InvoiceStatus.GIVEN_UP]
        return blues[-1] if blues else None


def invoices_with_payer(city: City, payer_id: int) -> list[AmountWithInvoices]:
    """Everything that this resident paid, the latest first."""
    rows = Invoice.objects.of(city).filter(payer=payer_id)
    return _with_invoices(city, paid_amounts_of(city, payer_id), rows)


def invoices_of_organisation(city: City, code: str) -> list[AmountWithInvoices]:
    """What this organisation paid by each of its lists, the latest first."""
    amounts = amounts_of_organisation(city, code)
    rows = Invoice.objects.of(city).filter(source__in=[paid.source for paid in amounts])
    return _with_invoices(city, amounts, rows)


def _with_invoices(city: City, amounts: Sequence[PaidAmount], rows: QuerySet[Invoice]) -> list[AmountWithInvoices]:
    by_source: dict[str, list[InvoiceFacts]] = {}
    for row in rows.select_related("seller", "file").order_by("asked_at", "pk"):
        by_source.setdefault(row.source, []).append(_facts(row))
    issuers, found = issuers_by_plan_year(city), []
    for paid in amounts:
        own = by_source.get(paid.source, [])
        stands = any(not one.red and one.status != InvoiceStatus.GIVEN_UP for one in own)
        may = not stands and paid.left > 0 and paid.plan_year_id in issuers
        found.append(AmountWithInvoices(paid, own, may))
    return found


def open_invoices(city: City, page: int) -> Paged[InvoiceFacts]:
    """Those that are not issued, the oldest first: what the platform refused stands among them."""
    rows = Invoice.objects.of(city).exclude(status__in=_DONE).select_related("seller", "file")
    found = paged(rows.order_by("asked_at", "pk"), page)
    return replace(found, rows=[_facts(row) for row in found])


def invoices_open(city: City) -> int:
    """How many a person has to look at: the platform refused them."""
    return Invoice.objects.of(city).filter(status=InvoiceStatus.REFUSED).count()


def invoice_file(city: City, invoice_id: int, payer_id: int) -> bytes | None:
    """The PDF, for whoever paid; None where there is none of theirs."""
    rows = InvoiceFile.objects.of(city).filter(invoice=invoice_id, invoice__payer=payer_id)
    found = rows.first()
    return base64.b64decode(found.content) if found is not None else None


def file_for_organisation(city: City, invoice_id: int, code: str) -> bytes | None:
    """The PDF of an invoice for one of this organisation's lists; None where there is none of theirs."""
    sources = [paid.source for paid in amounts_of_organisation(city, code)]
    found = InvoiceFile.objects.of(city).filter(invoice=invoice_id, invoice__source__in=sources).first()
    return base64.b64decode(found.content) if found is not None else None


def _facts(row: Invoice) -> InvoiceFacts:
    return InvoiceFacts(
        id=row.pk,
        source=row.source,
        red=row.colour == Colour.RED,
        status=InvoiceStatus(row.status),
        amount=row.amount,
        tax=row.tax,
        tax_rate=row.tax_rate,
        title=row.titled,
        seller=row.seller.name,
        number=row.number,
        issued_on=row.issued_on,
        has_file=getattr(row, "file", None) is not None,
        reason=row.reason,
        fault=row.fault,
        asked_at=timezone.localtime(row.asked_at),
        payer_id=row.payer_id,
    )
