"""Red invoices: where part of a paid amount goes back, a red invoice for it is issued, automatically and once.

How much has to be red follows from how much goes back: whoever asks twice, or in another order, ends at the same.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from django.db import transaction

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.invoicing.history import audit, send_soon, subject_of
from huimin.platform.invoicing.models import Colour, Invoice, InvoiceStatus
from huimin.platform.invoicing.paid import paid_amount
from huimin.platform.invoicing.tax import tax_taken_back
from huimin.platform.tasks.api import Attempt

__all__ = ["REFUND", "TITLE", "after_refund", "lock_blues", "red_invoice", "sweep", "take_back", "taken_back"]

REFUND, TITLE = "refund", "title"
"""Why an invoice is taken back: money went back, or another title was asked for."""


def lock_blues(city: City, source: str) -> list[Invoice]:
    """The blue invoices of a paid amount, locked, the oldest first."""
    where = {"source": source, "colour": Colour.BLUE.value}
    return list(Invoice.objects.fetch(city, where, order_by=("turn",), lock=True))


def taken_back(city: City, blue: Invoice, *, given_up_by_people: bool = False) -> int:
    """Fen of an invoice that red ones take back; with those for refunds that people gave up, where this is asked."""
    reds = Invoice.objects.pick(city, ("amount", "status", "reason"), {"of": blue.pk})
    counting = [
        int(amount)
        for amount, status, reason in reds
        if status != InvoiceStatus.GIVEN_UP or (given_up_by_people and reason == REFUND)
    ]
    return sum(counting)


@transaction.atomic
def take_back(city: City, source: str) -> int:
    """Take back of the invoice that stands what goes back of its amount. Returns the fen; 0 where nothing is to do.

    One that is not issued yet is looked at again once it is. A red one that people gave up is not made again.
    """
    blues = [one for one in lock_blues(city, source) if one.status == InvoiceStatus.ISSUED]
    paid = paid_amount(city, source)
    if not blues or paid is None:
        return 0
    blue = blues[-1]
    reds = taken_back(city, blue, given_up_by_people=True)
    too_much = blue.amount - reds - paid.left
    if too_much <= 0:
        return 0
    red_invoice(blue, too_much, REFUND, by=queue_actor(city).text, at=now(city))
    return int(too_much)


def red_invoice(blue: Invoice, amount: int, reason: str, *, by: str, at: datetime) -> Invoice:
    """Take back so many fen of an invoice. Call it in a transaction, with the blue one locked."""
    city, gone = blue.city, taken_back(blue.city, blue)
    row = Invoice(
        city=city,
        key=secrets.token_hex(12),
        source=blue.source,
        turn=Invoice.objects.of(city).filter(source=blue.source, colour=Colour.RED).count() + 1,
        colour=Colour.RED,
        of=blue,
        amount=amount,
        tax=tax_taken_back(blue.amount - gone, amount, blue.tax_rate),
        tax_rate=blue.tax_rate,
        seller_id=blue.seller_id,
        title=blue.title,
        remark=blue.remark,
        payer_id=blue.payer_id,
        reason=reason,
        asked_by=by,
        asked_at=at,
    )
    Invoice.objects.insert([row])
    history_of(city, subject_of(row.pk)).append("asked", actor=by, at=at, data={"amount": amount, "reason": reason})
    audit(row, "red_invoice_asked", by=by, at=at)
    send_soon(row)
    Invoice.objects.rewrite(row, "sent")
    return row


def after_refund(attempt: Attempt) -> None:
    """A worker's: money of a payment has gone back. Safe to run twice."""
    reference = json.loads(attempt.task.payload)["payment"]
    take_back(attempt.task.city, f"order:{reference}")


def sweep(attempt: Attempt) -> None:
    """A worker's, each night: every amount with an invoice is compared with what goes back of it."""
    city = attempt.task.city
    rows = Invoice.objects.of(city).filter(colour=Colour.BLUE, status=InvoiceStatus.ISSUED)
    sources = sorted(set(rows.values_list("source", flat=True)))
    for place, source in enumerate(sources):
        attempt.progress(place, len(sources), "invoices")
        take_back(city, source)
