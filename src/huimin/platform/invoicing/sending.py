"""Asking the invoice platform, and writing down what it said.

It may be slow, refuse, or leave it open whether it was done. What is open is queried under the same key, and never
asked a second time under another. The file comes after the number: without it the invoice is issued all the same.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import partial

from django.db import transaction

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import (
    DoorError,
    InvoiceAnswer,
    InvoiceParty,
    InvoicePlatform,
    InvoiceRequest,
    InvoiceState,
    RedRequest,
    Refused,
    Unreachable,
    ask_once,
    invoice_platform,
)
from huimin.platform.invoicing.history import lock_invoice, moves_on, send_soon, tell
from huimin.platform.invoicing.models import Colour, Invoice, InvoiceFile, InvoiceStatus
from huimin.platform.invoicing.reds import take_back
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write

__all__ = ["issue_invoice"]

_OPEN = (InvoiceStatus.WAITING, InvoiceStatus.ASKED)


def issue_invoice(attempt: Attempt) -> Write | None:
    """One attempt to have an invoice issued, or to fetch its file. Safe to run twice, and by two workers at once."""
    city, invoice_id = attempt.task.city, int(json.loads(attempt.task.payload)["invoice"])
    invoice, asked_before = _begin(city, invoice_id)
    platform = invoice_platform(city)
    if invoice.status == InvoiceStatus.ISSUED:
        return _file(platform, invoice)
    if invoice.status not in _OPEN:
        return None
    key = invoice.platform_key
    try:
        said = ask_once(lambda: _ask(platform, invoice), lambda: platform.query(key), asked_before=asked_before)
    except Unreachable as failure:
        raise NotNowError(failure.reason, failure.retry_after) from failure
    except Refused as failure:
        return partial(_refused, city, invoice_id, failure.reason)
    except DoorError as failure:
        raise TryAgainError(f"{failure.code.removeprefix('door_')}_{failure.reason}") from failure
    if said.state is InvoiceState.FAILED or said.amount != invoice.amount:
        return partial(_refused, city, invoice_id, said.reason if said.state is InvoiceState.FAILED else "other_amount")
    if said.state is not InvoiceState.ISSUED:
        # The platform has it: the next attempt queries.
        raise TryAgainError(said.state.value)
    _issued(city, invoice_id, said)
    invoice.status = InvoiceStatus.ISSUED
    return _file(platform, invoice)


@transaction.atomic
def _begin(city: City, invoice_id: int) -> tuple[Invoice, bool]:
    """The invoice as it is, marked as asked where it will be; and whether it may have been asked for before."""
    invoice = lock_invoice(city, invoice_id)
    asked_before = invoice.status == InvoiceStatus.ASKED
    if invoice.status == InvoiceStatus.WAITING:
        moves_on(invoice, InvoiceStatus.ASKED, "sent", by=queue_actor(city).text, at=now(city))
    return invoice, asked_before


def _ask(platform: InvoicePlatform, invoice: Invoice) -> InvoiceAnswer:
    city, seller = invoice.city, InvoiceParty(invoice.seller.name, invoice.seller.credit_code)
    day = today(city) if city.demonstration_day is not None else None
    if invoice.colour == Colour.RED and invoice.of is not None:
        return platform.issue_red(
            RedRequest(
                invoice.platform_key, invoice.of.number, seller, invoice.amount, invoice.tax, invoice.reason, day
            )
        )
    title = invoice.titled
    return platform.issue(
        InvoiceRequest(
            key=invoice.platform_key,
            seller=seller,
            buyer=InvoiceParty(title.name, title.number),
            item=invoice.seller.item,
            amount=invoice.amount,
            tax=invoice.tax,
            tax_rate=invoice.tax_rate,
            remark=invoice.remark,
            day=day,
        )
    )


def _refused(city: City, invoice_id: int, reason: str) -> None:
    invoice = lock_invoice(city, invoice_id)
    if invoice.status == InvoiceStatus.ASKED:
        invoice.fault = reason[:40]
        by, data = queue_actor(city).text, {"code": invoice.fault}
        moves_on(invoice, InvoiceStatus.REFUSED, "refused", by=by, at=now(city), data=data)
        if invoice.colour == Colour.BLUE:
            tell(invoice, "invoice_refused")


@transaction.atomic
def _issued(city: City, invoice_id: int, said: InvoiceAnswer) -> None:
    """It has its number: what went back meanwhile is taken back, and one that waited behind it is sent."""
    invoice = lock_invoice(city, invoice_id)
    if invoice.status != InvoiceStatus.ASKED:
        return
    invoice.number, invoice.issued_on, invoice.fault = said.number, said.issued_on, ""
    by = queue_actor(city).text
    moves_on(invoice, InvoiceStatus.ISSUED, "issued", by=by, at=now(city), data={"number": said.number})
    tell(invoice, "invoice_issued" if invoice.colour == Colour.BLUE else "invoice_taken_back")
    if invoice.colour == Colour.BLUE:
        take_back(city, invoice.source)
        return
    where = {"source": invoice.source, "status": InvoiceStatus.BEHIND.value}
    for behind in Invoice.objects.fetch(city, where, lock=True):
        send_soon(behind)
        moves_on(behind, InvoiceStatus.WAITING, "follows", by=by, at=now(city))


def _file(platform: InvoicePlatform, invoice: Invoice) -> Write | None:
    """Fetch the PDF, unless it is there."""
    city = invoice.city
    if InvoiceFile.objects.pick(city, ("id",), {"invoice": invoice.pk}):
        return None
    try:
        data = platform.file(invoice.platform_key)
    except Unreachable as failure:
        raise NotNowError(failure.reason, failure.retry_after) from failure
    except DoorError as failure:
        raise TryAgainError(f"file_{failure.reason}"[:60]) from failure
    return partial(_keep_file, city, invoice.pk, data)


def _keep_file(city: City, invoice_id: int, data: bytes) -> None:
    lock_invoice(city, invoice_id)
    if InvoiceFile.objects.pick(city, ("id",), {"invoice": invoice_id}):
        return
    row = InvoiceFile(
        city=city,
        invoice_id=invoice_id,
        digest=hashlib.sha256(data).hexdigest(),
        size=len(data),
        content=base64.b64encode(data).decode(),
        at=now(city),
    )
    InvoiceFile.objects.insert([row])
