"""What a worker does each morning: fetch the bank's statement of the day before, and say of which days none came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Min

from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import RECONCILE, CaseKind, case_key, fetched, open_case, reconciled_day
from huimin.platform.payouts.models import ClaimPayout
from huimin.platform.payouts.statements.booked import bank_code
from huimin.platform.tasks.api import Attempt, Write, enqueue_each

__all__ = ["fetch_statement"]

_LOOKED_BACK = 7


def fetch_statement(attempt: Attempt) -> Write | None:
    """Of the day before. What is not there yet is asked for again later. Safe to run twice."""
    city = attempt.task.city
    _ask_for_missing(city)
    fetched(city, bank_code(), today(city) - timedelta(days=1))
    return None


@transaction.atomic
def _ask_for_missing(city: City) -> None:
    """Earlier days of the last week without a usable statement stand in the queue, and are asked for once more."""
    again = {}
    for day in _without_statement(city):
        open_case(
            city=city,
            kind=CaseKind.BANK_NO_STATEMENT,
            key=case_key(bank_code(), day, "statement"),
            payment_id=None,
            reference="",
            amount=0,
            detail={"day": str(day), "transaction": "", "theirs": None, "ours": None},
            at=now(city),
        )
        again[f"{bank_code()}-{day}-{today(city)}"] = {"provider": bank_code(), "day": day.isoformat()}
    enqueue_each(city=city, kind=RECONCILE, payloads=again, unless_there=True)


def _without_statement(city: City) -> Iterator[date]:
    """Days before yesterday on which there were payouts already, and whose statement was never compared."""
    first = ClaimPayout.objects.of(city).aggregate(first=Min("created_at__date"))["first"]
    for back in range(2, _LOOKED_BACK + 1):
        day = today(city) - timedelta(days=back)
        if first is not None and first <= day and reconciled_day(city, bank_code(), day) is None:
            yield day
