"""The work queue of money that does not match an order. Cases are opened by what was found and closed by a person."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.payments.models import FOUND_ALONE, CaseKind, PaymentCase

__all__ = [
    "OpenCase",
    "case_facts",
    "cases_open",
    "close_case",
    "close_cases_about",
    "keep_unreadable",
    "open_case",
    "open_cases",
]

_LONGEST_KEPT = 20_000


def open_case(
    *,
    city: City,
    kind: str,
    key: str,
    payment_id: int | None,
    reference: str,
    amount: int,
    detail: Mapping[str, Any],
    at: datetime,
    content: str | None = None,
) -> None:
    """Open a case, unless there is one about the same thing. Call it inside the transaction of what it is about."""
    if PaymentCase.objects.pick(city, ("id",), {"kind": kind, "key": key}):
        return
    row = PaymentCase(
        city=city,
        kind=kind,
        key=key,
        payment_id=payment_id,
        reference=reference,
        amount=amount,
        detail=dict(detail),
        opened_at=at,
        content=content,
    )
    PaymentCase.objects.queue([row])


@transaction.atomic
def keep_unreadable(*, actor: Actor, body: bytes, fault: str) -> None:
    """Keep a message that a payment company signed but that cannot be read as a notice, since it may be about money.

    Raises NotAllowed.
    """
    authorise(actor, Action.REPORT_PAYMENT)
    city, provider, moment = actor.city, actor.code, now(actor.city)
    key = hashlib.sha256(body).hexdigest()
    record_audit(city=city, actor=actor.text, action="notice_unreadable", subject=f"message:{key}", at=moment)
    open_case(
        city=city,
        kind=CaseKind.UNREADABLE,
        key=f"{provider}:{key}",
        payment_id=None,
        reference="",
        amount=0,
        detail={"fault": fault[:300]},
        at=moment,
        content=body[:_LONGEST_KEPT].decode("utf-8", "backslashreplace"),
    )


@transaction.atomic
def close_case(*, actor: Actor, case_id: int, note: str) -> None:
    """Close a case with what was done about it. Posts nothing.

    Raises NotAllowed; HuiminError (`case_closed`, `note_missing`, `finding_needed`).
    """
    authorise(actor, Action.CLOSE_PAYMENT_CASE)
    city = actor.city
    if not note.strip():
        raise HuiminError("say what was done: the note is part of the record", code="note_missing")
    moment = now(city)
    open_ones = PaymentCase.objects.of(city).filter(pk=case_id, closed_at=None)
    if open_ones.filter(kind__in=FOUND_ALONE).exists():
        raise HuiminError("a difference with the bank is closed by a finding", code="finding_needed")
    if not open_ones.update(closed_at=moment, closed_by=actor.text, note=note):
        raise HuiminError("this case is already closed, or does not exist", code="case_closed")
    record_audit(
        city=city, actor=actor.text, action="payment_case_closed", subject=f"payment_case:{case_id}", at=moment
    )


def close_cases_about(*, city: City, sources: Collection[str], by: str, note: str, at: datetime) -> None:
    """The money in question went back: its cases leave the queue. Call it in the transaction of that.

    A case of a receipt is known by its notice; one of an order by the order.
    """
    keys = [
        f"notice:{source.removeprefix('receipt:')}" if source.startswith("receipt:") else source for source in sources
    ]
    kinds = (CaseKind.OTHER_AMOUNT, CaseKind.PAID_AGAIN, CaseKind.NO_COVER)
    open_ones = PaymentCase.objects.of(city).filter(kind__in=kinds, key__in=keys, closed_at=None)
    open_ones.update(closed_at=at, closed_by=by, note=note)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """What a person has to look at."""

    id: int
    kind: str
    reference: str
    amount: int
    """The amount in question in fen; 0 if there is none."""
    detail: Mapping[str, Any]
    """What was found, by name."""
    opened_at: datetime


def open_cases(city: City, page: int) -> Paged[OpenCase]:
    """A page of the queue, the oldest first."""
    found = paged(PaymentCase.objects.of(city).filter(closed_at=None).order_by("opened_at", "pk"), page)
    return replace(found, rows=[case_facts(row) for row in found])


def case_facts(row: PaymentCase) -> OpenCase:
    return OpenCase(row.pk, row.kind, row.reference, row.amount, row.detail, row.opened_at)


def cases_open(city: City) -> int:
    return PaymentCase.objects.of(city).filter(closed_at=None).count()
