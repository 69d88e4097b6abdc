"""What a counter's pages show: today's orders of a till, cash that an order waits for, and cash that paid for cover."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum
from django.utils import timezone

from huimin.platform.counter.models import CashBack, CashPart, CashState, CounterConsent
from huimin.platform.foundation.models import City

__all__ = ["CashPaid", "CounterOrder", "cash_keys", "cash_of_order", "cash_paid", "consent_of_order", "counter_orders"]

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


@dataclass(frozen=True, slots=True)
class CashPaid:
    """Cash that paid for the policies of an order: `fen`, of which `back` fen are owed back or were paid out since."""

    order: str
    fen: int
    back: int
    paid_on: date


def cash_paid(city: City, *, order: str | None = None, payer_id: int | None = None) -> list[CashPaid]:
    """Of one order, or of all that this resident placed at a counter, the oldest first. Two or three statements."""
    orders = [order]
    if payer_id is not None:
        orders = list(CounterConsent.objects.of(city).filter(resident=payer_id).values_list("order", flat=True))
    parts = CashPart.objects.of(city).filter(order__in=orders, state=CashState.USED).order_by("taken_at", "pk")
    backs = CashBack.objects.of(city).filter(part__in=[part.pk for part in parts]).values_list("part__order")
    back = Counter(dict(backs.annotate(sum=Sum("amount")).order_by()))
    fen: Counter[str] = Counter()
    days: dict[str, date] = {}
    for part in parts:
        fen[part.order] += part.fen
        days.setdefault(part.order, timezone.localdate(part.taken_at))
    return [CashPaid(name, fen[name], back[name], day) for name, day in days.items()]
