"""Asking the payment company for a refund, and writing down what it said.

The company may be slow, refuse, or leave it open whether it was done. Nothing is posted before it says that the money
is back; what is open is queried, and never asked a second time under another key.
"""

from __future__ import annotations

import json
from functools import partial

from django.db import transaction

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import (
    DoorError,
    RefundRequest,
    RefundState,
    Refused,
    Unreachable,
    ask_once,
)
from huimin.platform.ledger.api import post
from huimin.platform.payments.cases import close_cases_about
from huimin.platform.payments.providers import payment_company
from huimin.platform.payments.refunds.entries import refund_entry
from huimin.platform.payments.refunds.models import Refund, RefundStatus
from huimin.platform.payments.refunds.owing import subject_of
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write, enqueue

__all__ = ["AFTER_REFUND", "pay_back"]

AFTER_REFUND = "after_refund"
"""The kind of the task that looks whether an invoice has to be taken back. The context that issues them registers what
does it."""


def pay_back(attempt: Attempt) -> Write | None:
    """One attempt to have a refund done. It is safe to run twice, and at the same time by two workers."""
    city = attempt.task.city
    refund_id = int(json.loads(attempt.task.payload)["refund"])
    refund, asked_before = _begin(city, refund_id)
    if refund is None:
        return None
    company = payment_company(refund.provider, city)
    key = refund.company_key
    request = RefundRequest(key, refund.reference, refund.transaction, refund.amount)
    try:
        known = ask_once(lambda: company.refund(request), lambda: company.query_refund(key), asked_before=asked_before)
    except Unreachable as failure:
        raise NotNowError(failure.reason, failure.retry_after) from failure
    except Refused as failure:
        return partial(_refused, city, refund_id, failure.reason)
    except DoorError as failure:
        raise TryAgainError(f"{failure.code.removeprefix('door_')}_{failure.reason}") from failure
    if known.state is RefundState.FAILED or known.amount != refund.amount:
        reason = "failed" if known.state is RefundState.FAILED else "other_amount"
        return partial(_refused, city, refund_id, reason)
    if known.state is RefundState.ACCEPTED:
        # The company has it and has not paid it out yet: the next attempt queries.
        raise TryAgainError("accepted")
    return partial(_done, city, refund_id)


@transaction.atomic
def _begin(city: City, refund_id: int) -> tuple[Refund | None, bool]:
    """The refund, if the company is to be asked for it; and whether it may have been asked before."""
    refund = _locked(city, refund_id)
    if refund.status not in (RefundStatus.WAITING, RefundStatus.ASKED):
        return None, False
    asked_before = refund.status == RefundStatus.ASKED
    if not asked_before:
        _move_on(refund, RefundStatus.ASKED, "asked")
    return refund, asked_before


def _refused(city: City, refund_id: int, reason: str) -> None:
    refund = _locked(city, refund_id)
    if refund.status == RefundStatus.ASKED:
        refund.fault = reason[:40]
        _move_on(refund, RefundStatus.REFUSED, "refused", reason)


def _done(city: City, refund_id: int) -> None:
    """It is back with the payer: posted once, its case closed, and the payer told."""
    refund = _locked(city, refund_id)
    if refund.status != RefundStatus.ASKED:
        return
    moment = now(city)
    refund.done_at, refund.fault = moment, ""
    _move_on(refund, RefundStatus.DONE, "done")
    post(city=city, entries=[refund_entry(refund)], at=moment)
    close_cases_about(city=city, sources=[refund.source], by=queue_actor(city).text, note="refunded", at=moment)
    message = {"template": "premium_refunded", "resident": refund.payee_id}
    enqueue(city=city, kind="notice", key=f"refunded-{refund.pk}", payload=message)
    enqueue(city=city, kind=AFTER_REFUND, key=str(refund.pk), payload={"payment": refund.reference})


def _locked(city: City, refund_id: int) -> Refund:
    (refund,) = Refund.objects.fetch(city, {"id": refund_id}, lock=True)
    return refund


def _move_on(refund: Refund, status: RefundStatus, event: str, reason: str = "") -> None:
    refund.status = status
    Refund.objects.rewrite(refund, "status", "fault", "done_at")
    history = history_of(refund.city, subject_of(refund.pk))
    data = {"code": reason} if reason else None
    history.append(event, actor=queue_actor(refund.city).text, at=now(refund.city), data=data)
