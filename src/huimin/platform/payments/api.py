"""What the rest of the platform may use of `payments`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.payments.cases import cases_open, close_case, keep_unreadable, open_case, open_cases
from huimin.platform.payments.entries import received_entry
from huimin.platform.payments.models import CaseKind, Payment, PaymentCase, PaymentStatus
from huimin.platform.payments.notices import record_notice
from huimin.platform.payments.providers import payment_company, usual_company
from huimin.platform.payments.selectors import all_receipts, owed_back_beside
from huimin.platform.payments.services import open_payment
from huimin.platform.payments.unanswered import ask_later, ask_soon, payments_to_query

__all__ = [
    "CaseKind",
    "Payment",
    "PaymentCase",
    "PaymentStatus",
    "all_receipts",
    "ask_later",
    "ask_soon",
    "cases_open",
    "close_case",
    "keep_unreadable",
    "open_case",
    "open_cases",
    "open_payment",
    "owed_back_beside",
    "payment_company",
    "payments_to_query",
    "received_entry",
    "record_notice",
    "usual_company",
]
