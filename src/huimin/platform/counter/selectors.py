"""What a counter's pages show: today's orders of a till, and cash that an order waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from huimin.platform.counter.models import CashPart, CashState, CounterConsent
from huimin.platform.foundation.models import City

__all__ = ["CounterOrder", "cash_keys", "cash_of_order", "consent_of_order", "counter_orders"]

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class CounterOrder:
    """An order that somebody placed at a counter; how the person agreed."""

    reference: str
    resident_id: int
    how: str
    paper: str
    recorded_by: str
    recorded_at: datetime


def counter_orders(city: City, by: str) -> list[CounterOrder]:
    """The latest of one person of the staff."""
    rows = CounterConsent.objects.of(city).filter(recorded_by=by).order_by("-pk")[:_SHOWN]
    return [_order(row) for row in rows]


def consent_of_order(city: City, reference: str) -> CounterOrder | None:
    row = CounterConsent.objects.of(city).filter(order=reference).first()
    return _order(row) if row is not None else None


def _order(row: CounterConsent) -> CounterOrder:
    at = timezone.localtime(row.recorded_at)
    return CounterOrder(row.order, row.resident_id, row.how, row.paper, row.recorded_by, at)


def cash_of_order(city: City, reference: str) -> Sequence[tuple[str, str, int]]:
    """Till, state and fen of each part of an order that is paid in cash."""
    rows = CashPart.objects.of(city).filter(order=reference).exclude(state=CashState.LET_GO).order_by("pk")
    return list(rows.values_list("till", "state", "fen"))


def cash_keys(city: City, reference: str) -> list[str]:
    """By which the order's means of payment names its parts in cash."""
    rows = CashPart.objects.of(city).filter(order=reference).order_by("pk")
    return list(rows.values_list("key", flat=True))
