"""What staff do with an invoice that the platform refused, or that got nowhere: have it tried again, or give it up."""

from __future__ import annotations

from django.db import transaction

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import refuse_without_note
from huimin.platform.invoicing.failures import InvoiceError
from huimin.platform.invoicing.history import audit, lock_invoice, moves_on, send_soon, tell
from huimin.platform.invoicing.models import Colour, Invoice, InvoiceStatus
from huimin.platform.invoicing.reds import TITLE

__all__ = ["give_up_invoice", "try_invoice_again"]


def try_invoice_again(*, actor: Actor, invoice_id: int, note: str) -> None:
    """Ask the platform once more: under another key where it said no, and under the same where nobody knows.

    Raises NotAllowed; InvoiceError (`note_missing`, `invoice_not_found`, `invoice_not_open`).
    """
    authorise(actor, Action.WORK_ON_INVOICES)
    refuse_without_note(note, InvoiceError)
    with transaction.atomic():
        invoice = _open(actor, invoice_id)
        refused = invoice.status == InvoiceStatus.REFUSED
        if refused:
            invoice.tries, invoice.fault = invoice.tries + 1, ""
        send_soon(invoice)
        moment = now(actor.city)
        status = InvoiceStatus.WAITING if refused else InvoiceStatus(invoice.status)
        moves_on(invoice, status, "tried_again", by=actor.text, at=moment, reason=note)
        audit(invoice, "invoice_tried_again", by=actor.text, at=moment)


def give_up_invoice(*, actor: Actor, invoice_id: int, note: str) -> None:
    """It will not be issued, and whoever asked is told. Only one that the platform refused; of a red one the blue one
    stays as it is, and what is to be done at the tax office stands in the note.

    Raises as `try_invoice_again`.
    """
    authorise(actor, Action.WORK_ON_INVOICES)
    refuse_without_note(note, InvoiceError)
    with transaction.atomic():
        invoice = _open(actor, invoice_id)
        if invoice.status != InvoiceStatus.REFUSED:
            raise InvoiceError("the platform has not refused it: it may still be issued", code="invoice_not_open")
        moment = now(actor.city)
        moves_on(invoice, InvoiceStatus.GIVEN_UP, "given_up", by=actor.text, at=moment, reason=note)
        audit(invoice, "invoice_given_up", by=actor.text, at=moment)
        if invoice.colour == Colour.BLUE:
            tell(invoice, "invoice_given_up")
        elif invoice.reason == TITLE:
            _let_go_behind(invoice, by=actor.text, note=note)


def _let_go_behind(red: Invoice, *, by: str, note: str) -> None:
    """The old invoice stays as it is, so that the one with another title is not issued either."""
    city = red.city
    where = {"source": red.source, "status": InvoiceStatus.BEHIND.value}
    for behind in Invoice.objects.fetch(city, where, lock=True):
        moves_on(behind, InvoiceStatus.GIVEN_UP, "given_up", by=by, at=now(city), reason=note)
        tell(behind, "invoice_given_up")


def _open(actor: Actor, invoice_id: int) -> Invoice:
    invoice = lock_invoice(actor.city, invoice_id)
    if invoice.status in (InvoiceStatus.ISSUED, InvoiceStatus.GIVEN_UP, InvoiceStatus.BEHIND):
        raise InvoiceError("this invoice does not wait for anybody", code="invoice_not_open")
    return invoice
