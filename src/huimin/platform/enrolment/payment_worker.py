"""Asks payment companies about payments for which no notice came, and does what follows from the answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from huimin.platform.enrolment.services import confirm_payment
from huimin.platform.foundation.actors import provider_actor
from huimin.platform.foundation.worker_rounds import keep_working
from huimin.platform.gateways.api import DoorError, Notice, Unreachable
from huimin.platform.payments.api import PaymentFacts, PaymentStatus, ask_later, payment_company, payments_to_query

__all__ = ["ask_about_payments", "keep_asking"]

log = logging.getLogger("huimin.payments")
_AWAY = timedelta(seconds=30)


def keep_asking(pause: float = 0.5, until: Callable[[], bool] = lambda: False) -> None:
    """Ask until told to stop."""
    keep_working(lambda: bool(ask_about_payments()), pause, until)


def ask_about_payments() -> int:
    """One round over payments that wait. Returns how many were asked about. Call it outside a transaction.

    The company's answer is treated as a notice. The real notice may still come, since hearing of a payment twice is
    safe. If the company cannot be reached the rest of the round waits.
    """
    payments = payments_to_query()
    for place, payment in enumerate(payments):
        try:
            _ask(payment)
        except Unreachable as failure:
            log.warning("%s; %s payments wait", failure.message, len(payments) - place)
            ask_later(payments[place:], _AWAY)
            return place
        except DoorError as failure:
            # The answers about other payments may be fine. This payment is asked about again later.
            log.warning("payment %s: %s", payment.id, failure.message)
    return len(payments)


def _ask(payment: PaymentFacts) -> None:
    notice = payment_company(payment.provider, payment.city).query_order(payment.reference).notice
    if notice is not None and not _is_known(payment, notice):
        confirm_payment(actor=provider_actor(payment.city, payment.provider), notice=notice)


def _is_known(payment: PaymentFacts, notice: Notice) -> bool:
    """Whether it is a failed attempt that is already known. Every query reports it until another attempt succeeds."""
    told = payment.status == PaymentStatus.FAILED and payment.provider_transaction == notice.transaction
    return told and notice.status == "failed"
