"""Everything of `payments` that other contexts may import."""

from __future__ import annotations

from huimin.platform.payments.cases import OpenCase, cases_open, close_case, keep_unreadable, open_case, open_cases
from huimin.platform.payments.entries import received_entry
from huimin.platform.payments.means import (
    MEANS_MOVED,
    Collector,
    MeansKind,
    collector_of,
    register_collector,
)
from huimin.platform.payments.models import CaseKind, PaymentStatus
from huimin.platform.payments.notices import record_notice
from huimin.platform.payments.payment_facts import PaymentFacts
from huimin.platform.payments.providers import payment_company, usual_company
from huimin.platform.payments.refunds.deciding import agree_to_refund, propose_refund, try_refund_again
from huimin.platform.payments.refunds.models import RefundReason, RefundStatus
from huimin.platform.payments.refunds.owing import Owed, Paid, owe_refund
from huimin.platform.payments.refunds.reading import (
    open_refunds,
    proposed_refunds,
    refunds_open,
)
from huimin.platform.payments.selectors import owed_back_beside, paid_beside, payments_of, received
from huimin.platform.payments.services import open_payment
from huimin.platform.payments.unanswered import ask_later, ask_soon, payments_to_query

__all__ = [
    "MEANS_MOVED",
    "CaseKind",
    "Collector",
    "MeansKind",
    "OpenCase",
    "Owed",
    "Paid",
    "PaymentFacts",
    "PaymentStatus",
    "RefundReason",
    "RefundStatus",
    "agree_to_refund",
    "ask_later",
    "ask_soon",
    "cases_open",
    "close_case",
    "collector_of",
    "keep_unreadable",
    "open_case",
    "open_cases",
    "open_payment",
    "open_refunds",
    "owe_refund",
    "owed_back_beside",
    "paid_beside",
    "payment_company",
    "payments_of",
    "payments_to_query",
    "propose_refund",
    "proposed_refunds",
    "received",
    "received_entry",
    "record_notice",
    "refunds_open",
    "register_collector",
    "try_refund_again",
    "usual_company",
]
