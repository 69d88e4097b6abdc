"""Days compared with payment companies, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.payments.cases import OpenCase, case_facts
from huimin.platform.payments.models import PaymentCase
from huimin.platform.payments.reconciliation.kinds import DAY_KINDS
from huimin.platform.payments.reconciliation.models import DayState, ReconciledDay

__all__ = ["DayFacts", "days_open", "differences_of_day", "reconciled_day", "reconciled_days"]


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A day as it was compared last. Amounts in fen."""

    provider: str
    day: date
    state: str
    matched: int
    matched_amount: int
    differences: int
    rows: int
    paid: int
    refunded: int
    fees: int
    stated: int
    """What the file has of what is compared."""
    booked: int
    """What we have booked of it."""
    compared_at: datetime
    closed_at: datetime | None
    closed_by: str
    note: str

    @property
    def difference(self) -> int:
        """What the file has more than we; below zero where it has less."""
        return self.stated - self.booked


def reconciled_days(city: City, page: int) -> Paged[DayFacts]:
    """The days, the latest first."""
    found = paged(ReconciledDay.objects.of(city).select_related("file").order_by("-day", "provider"), page)
    return replace(found, rows=[_facts(row) for row in found])


def reconciled_day(city: City, provider: str, day: date) -> DayFacts | None:
    row = ReconciledDay.objects.of(city).filter(provider=provider, day=day).select_related("file").first()
    return None if row is None else _facts(row)


def differences_of_day(city: City, provider: str, day: date) -> Sequence[tuple[OpenCase, str]]:
    """Every difference that was found of a day, each with the note that explains it; empty while nobody has."""
    rows = PaymentCase.objects.of(city).filter(kind__in=DAY_KINDS, key__startswith=f"{provider}:{day}:")
    return [(case_facts(row), row.note) for row in rows.order_by("closed_at", "pk")]


def days_open(city: City) -> int:
    """How many days are not closed."""
    return ReconciledDay.objects.of(city).exclude(state=DayState.CLOSED).count()


def _facts(row: ReconciledDay) -> DayFacts:
    return DayFacts(
        provider=row.provider,
        day=row.day,
        state=row.state,
        matched=row.matched,
        matched_amount=row.matched_amount,
        differences=row.differences,
        rows=row.file.rows,
        paid=row.file.paid,
        refunded=row.file.refunded,
        fees=row.file.fees,
        stated=row.stated,
        booked=row.booked,
        compared_at=row.compared_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        note=row.note,
    )
