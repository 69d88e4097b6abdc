"""What happens to an invoice: written into its history together with its status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import record_audit
from huimin.platform.invoicing.failures import InvoiceError
from huimin.platform.invoicing.models import Invoice, InvoiceStatus
from huimin.platform.tasks.api import enqueue

__all__ = ["SUBJECT", "TASK", "audit", "lock_invoice", "moves_on", "send_soon", "subject_of", "tell"]

SUBJECT, TASK = "invoice", "issue_invoice"


def subject_of(invoice_id: int) -> Subject:
    return Subject(SUBJECT, str(invoice_id))


def moves_on(
    invoice: Invoice,
    status: InvoiceStatus,
    event: str,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write the status with what has changed beside it, and append the event. Lock the row first."""
    invoice.status = status
    Invoice.objects.rewrite(invoice, "status", "fault", "tries", "sent", "number", "issued_on")
    history_of(invoice.city, subject_of(invoice.pk)).append(event, actor=by, at=at, reason=reason, data=data)


def send_soon(invoice: Invoice) -> None:
    """Put the task into the queue that asks the platform. The caller writes the row."""
    invoice.sent += 1
    enqueue(city=invoice.city, kind=TASK, key=f"invoice-{invoice.pk}-{invoice.sent}", payload={"invoice": invoice.pk})


def lock_invoice(city: City, invoice_id: int) -> Invoice:
    """Raises InvoiceError (`invoice_not_found`)."""
    invoice: Invoice | None = Invoice.objects.fetch_one(city, {"id": invoice_id}, lock=True)
    if invoice is None:
        raise InvoiceError(f"found no invoice {invoice_id} in this city", code="invoice_not_found")
    return invoice


def tell(invoice: Invoice, template: str) -> None:
    """A message to the resident who paid, once for each thing that becomes of it."""
    if invoice.payer_id is None:
        return
    key = f"{template}-{invoice.pk}-{invoice.tries}"
    enqueue(city=invoice.city, kind="notice", key=key, payload={"template": template, "resident": invoice.payer_id})


def audit(invoice: Invoice, action: str, *, by: str, at: datetime) -> None:
    detail = {"amount": invoice.amount, "source": invoice.source}
    subject = str(subject_of(invoice.pk))
    record_audit(city=invoice.city, actor=by, action=action, subject=subject, at=at, detail=detail)
