"""Everything of `invoicing` that other contexts may import."""

from __future__ import annotations

from huimin.platform.invoicing.applying import ask_for_invoice, change_title
from huimin.platform.invoicing.issuers import set_issuer
from huimin.platform.invoicing.models import InvoiceStatus
from huimin.platform.invoicing.paid import PaidAmount
from huimin.platform.invoicing.reading import (
    AmountWithInvoices,
    InvoiceFacts,
    file_for_organisation,
    invoice_file,
    invoices_of_organisation,
    invoices_open,
    invoices_with_payer,
    open_invoices,
)
from huimin.platform.invoicing.titles import Title, of_organisation
from huimin.platform.invoicing.working import give_up_invoice, try_invoice_again

__all__ = [
    "AmountWithInvoices",
    "InvoiceFacts",
    "InvoiceStatus",
    "PaidAmount",
    "Title",
    "ask_for_invoice",
    "change_title",
    "file_for_organisation",
    "give_up_invoice",
    "invoice_file",
    "invoices_of_organisation",
    "invoices_open",
    "invoices_with_payer",
    "of_organisation",
    "open_invoices",
    "set_issuer",
    "try_invoice_again",
]
