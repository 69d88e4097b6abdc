"""Refunds, read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Sum
from django.utils import timezone

from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.selectors import open_proposals_on
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.payments.payment_facts import PaymentFacts
from huimin.platform.payments.refunds.deciding import USE_CASE
from huimin.platform.payments.refunds.models import Refund
from huimin.platform.payments.refunds.owing import SUBJECT

__all__ = ["RefundFacts", "going_back", "open_refunds", "proposed_refunds", "refunds_open", "refunds_under"]


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund as others see it. `amount` in fen."""

    id: int
    source: str
    reason: str
    status: str
    amount: int
    fault: str
    payee_id: int
    created_at: datetime
    done_at: datetime | None


def open_refunds(city: City, page: int) -> Paged[RefundFacts]:
    """Those that are not done, the oldest first."""
    found = paged(Refund.objects.of(city).filter(done_at=None).order_by("created_at", "pk"), page)
    return replace(found, rows=[_facts(row) for row in found])


def proposed_refunds(city: City, refund_ids: Collection[int]) -> dict[int, Proposal]:
    """What waits for a second person of these refunds, by refund."""
    found = open_proposals_on(city, USE_CASE, SUBJECT, [str(one) for one in refund_ids])
    return {int(proposal.subject.id): proposal for proposal in found}


def refunds_open(city: City) -> int:
    return Refund.objects.of(city).filter(done_at=None).count()


def refunds_under(city: City, sources: Collection[str]) -> dict[str, RefundFacts]:
    """The refunds of these facts, by fact. One statement."""
    rows = Refund.objects.fetch(city, {"source": list(sources)}) if sources else []
    return {row.source: _facts(row) for row in rows}


def going_back(city: City, payments: Collection[PaymentFacts]) -> dict[int, int]:
    """Fen that went back or are to go back of what paid each of these payments, by payment. One statement.

    What was paid a second time or with another amount is another transaction, and does not count.
    """
    transactions = {one.id: one.provider_transaction for one in payments}
    rows = Refund.objects.of(city).filter(payment__in=transactions).values_list("payment_id", "transaction")
    found: dict[int, int] = {}
    for payment, transaction, fen in rows.annotate(fen=Sum("amount")).order_by():
        if transaction == transactions[payment]:
            found[payment] = fen
    return found


def _facts(row: Refund) -> RefundFacts:
    return RefundFacts(
        id=row.pk,
        source=row.source,
        reason=row.reason,
        status=row.status,
        amount=row.amount,
        fault=row.fault,
        payee_id=row.payee_id,
        created_at=timezone.localtime(row.created_at),
        done_at=None if row.done_at is None else timezone.localtime(row.done_at),
    )
