"""Why an invoice cannot be asked for, or not be worked on."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["InvoiceError"]


class InvoiceError(HuiminError):
    code = "invoice"
