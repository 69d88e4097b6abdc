"""A payment company's day: its payments beside our receipts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models.functions import Coalesce
from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.platform.payments.models import CaseKind, Payment, PaymentStatus, Receipt
from huimin.platform.payments.providers import payment_company
from huimin.platform.payments.reconciliation.company_file import RowKind, read_company_file
from huimin.platform.payments.reconciliation.comparing import Difference, DifferenceKind, OurReceipt
from huimin.platform.payments.reconciliation.counterparts import (
    Books,
    Counterpart,
    FoundDifference,
    registered,
    stated_beside,
)
from huimin.platform.payments.reconciliation.day_file import DayFile, StatedLine

__all__ = ["company_day", "counterpart_of", "receipts_of_day"]

_CHUNK = 500


def counterpart_of(code: str) -> Counterpart:
    """Who sends files under this code: one that was registered, else a payment company."""
    return registered(code) or Counterpart(
        code,
        fetch=lambda city, day: payment_company(code, city).daily_file(day),
        read=company_day,
        books=partial(_books, code),
        about=partial(_about, code),
        kinds={kind: CaseKind(kind.value) for kind in DifferenceKind},
        follow=_nothing,
    )


def company_day(content: str, day: date) -> DayFile:
    """What a company's file says of payments. Raises FileFaults with every fault."""
    found = read_company_file(content, day)
    lines = tuple(
        StatedLine(row.transaction, row.reference, row.amount, row.at) for row in found.rows if row.kind is RowKind.PAID
    )
    return DayFile(day, lines, len(found.rows), found.paid, found.refunded, found.fees)


def _books(code: str, city: City, file: DayFile) -> Books:
    named = {line.transaction for line in file.lines}
    of_day = {one.transaction: one for one in receipts_of_day(city, code, file.day)}
    known = of_day | {one.transaction: one for one in _receipts(city, code, named - of_day.keys())}
    left = of_day.keys() - named
    elsewhere = stated_beside(city, code, file.day, company_day) if left else set()
    return Books(known, left - elsewhere)


def receipts_of_day(city: City, provider: str, day: date) -> list[OurReceipt]:
    """By when the payer paid, as the company says; else by when we heard of it."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    rows = Receipt.objects.of(city).annotate(at=Coalesce("paid_at", "received_at"))
    rows = rows.filter(provider=provider, at__gte=start, at__lt=start + timedelta(days=1))
    return [OurReceipt(*values) for values in rows.values_list("transaction", "reference", "amount")]


def _receipts(city: City, provider: str, transactions: Collection[str]) -> Iterable[OurReceipt]:
    wanted = sorted(transactions)
    for start in range(0, len(wanted), _CHUNK):
        where = {"provider": provider, "transaction": wanted[start : start + _CHUNK]}
        for values in Receipt.objects.pick(city, ("transaction", "reference", "amount"), where):
            yield OurReceipt(*values)


def _about(code: str, city: City, one: Difference) -> int | None:
    """The payment under the difference's reference. One whose notice never came is asked about now, and what the
    company says is taken as the notice.
    """
    payment = Payment.objects.of(city).filter(provider=code, reference=one.reference).first()
    if payment is None:
        return None
    if one.kind is DifferenceKind.MISSING_WITH_US and payment.status != PaymentStatus.PAID:
        Payment.objects.of(city).filter(pk=payment.pk).update(query_at=timezone.now())
    return int(payment.pk)


def _nothing(city: City, found: FoundDifference) -> None:
    """A company's differences are explained by a note; nothing follows by itself."""
