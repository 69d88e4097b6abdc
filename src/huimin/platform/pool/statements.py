"""The monthly statement of rounding: how far each insurer was from its exact share at a month's end, and the entry that
evens it out.

A statement covers everything that was shared by one table of shares up to the end of its month, including the entries
of earlier statements, so that after it each insurer is less than a fen from its exact share. `huimin ledger even`
closes the months that are over; `huimin ledger verify` computes each statement again from the journal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import month_after, now
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.ledger.api import ACCOUNTS, Entry, SharedSums, post, rounding_evened, shared_by_month
from huimin.platform.pool.models import ONE_ROUNDING_STATEMENT, RoundingStatement
from huimin.platform.pool.rounding import evened_out
from huimin.platform.pool.selectors import Period, share_table
from huimin.platform.pool.sharing import tie_order_of

__all__ = ["ClosedMonth", "Evening", "close_months", "evenings", "refuse_closed_day", "statement_faults"]

_GRACE = timedelta(days=1)
"""A month is closed at the earliest a day after its end: by then everything that began before midnight is posted."""


@dataclass(frozen=True, slots=True)
class Evening:
    """The statement of one account under one table of shares at the end of a month. In fen, debits positive."""

    month: date
    sharing: str
    account: str
    shared: dict[str, int]
    """By insurer, all that was posted by the end of the month, earlier statements included."""
    change: dict[str, int]
    """By insurer, what the statement will post."""

    @property
    def source(self) -> str:
        return f"rounding:{self.month:%Y-%m}:{self.sharing}:{self.account}"

    def entry(self) -> Entry:
        cause = f"rounding:{self.month:%Y-%m}"
        account = ACCOUNTS[self.account]
        return rounding_evened(
            account=account, source=self.source, cause=cause, change=self.change, sharing=self.sharing
        )

    def as_line(self) -> dict[str, object]:
        return {"sharing": self.sharing, "account": self.account, "shared": self.shared, "change": self.change}


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    month: date
    """Its first day."""
    evenings: tuple[Evening, ...]


def close_months(*, actor: Actor) -> list[ClosedMonth]:
    """Close every month that is over and not closed yet, in order. It may run twice, or in two processes at once.

    Raises NotAllowed.
    """
    authorise(actor, Action.EVEN_OUT_ROUNDING)
    city = actor.city
    sums = shared_by_month(city)
    closed = set(RoundingStatement.objects.of(city).values_list("month", flat=True))
    over = _month_of(timezone.localdate(now(city) - _GRACE))
    months = [month for month in _months_until(sums, over) if month not in closed]
    done = []
    for month in months:
        if month > max(closed, default=date.min):
            try:
                done.append(_close(city, month, actor))
            except IntegrityError as error:
                # Another process closed it meanwhile. Any other violated constraint is an error.
                if not violates(error, RoundingStatement, ONE_ROUNDING_STATEMENT):
                    raise
    return done


@transaction.atomic
def _close(city: City, month: date, actor: Actor) -> ClosedMonth:
    # If two processes close a month at once, the unique month makes the second fail here, before it posts anything.
    found = [evening for evening in evenings(city, _closed_until(city, month)) if evening.month == month]
    moment = now(city)
    row = RoundingStatement(
        city=city, month=month, closed_at=moment, closed_by=actor.text, lines=[evening.as_line() for evening in found]
    )
    RoundingStatement.objects.insert([row])
    post(city=city, entries=[evening.entry() for evening in found], at=moment)
    record_audit(city=city, actor=actor.text, action="rounding_evened", subject=f"rounding:{month:%Y-%m}", at=moment)
    return ClosedMonth(month, tuple(found))


def _closed_until(city: City, month: date) -> list[date]:
    earlier = RoundingStatement.objects.of(city).filter(month__lt=month).values_list("month", flat=True)
    return [*sorted(earlier), month]


def refuse_closed_day(city: City, day: date) -> None:
    """Refuse to put a demonstration's calendar back into a closed month, because what is posted there would not be in
    its statement. Raises HuiminError (`month_closed`).
    """
    closed = RoundingStatement.objects.of(city).filter(month__gte=_month_of(day)).exists()
    if closed:
        raise HuiminError(f"the month of {day} is closed", code="month_closed")


def evenings(city: City, months: Sequence[date]) -> list[Evening]:
    """The statements of `months`, in rising order, computed from the journal's other entries alone."""
    sums = shared_by_month(city)
    so_far: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    found, waiting = [], sorted(sums)
    for month in months:
        while waiting and waiting[0] <= month:
            for (sharing, account, insurer), fen in sums[waiting.pop(0)].items():
                so_far[sharing, account][insurer] += fen
        for (sharing, account), shared in sorted(so_far.items()):
            evening = _evening(city, month, sharing, account, dict(shared))
            for insurer, fen in evening.change.items():
                shared[insurer] += fen
            found.append(evening)
    return found


def _evening(city: City, month: date, sharing: str, account: str, shared: dict[str, int]) -> Evening:
    period = _period(city, sharing)
    order = tie_order_of(city.code, period, f"rounding:{month:%Y-%m}:{account}")
    change = evened_out(shared, period.basis_points, order)
    return Evening(month, sharing, account, shared, {insurer: fen for insurer, fen in change.items() if fen})


def statement_faults(city: City) -> tuple[list[str], list[Evening]]:
    """A sentence for each statement that differs from what the journal gives, and what each should have posted."""
    rows = list(RoundingStatement.objects.of(city).order_by("month"))
    found = evenings(city, [row.month for row in rows])
    faults = []
    for row in rows:
        lines = [evening.as_line() for evening in found if evening.month == row.month]
        if row.lines != lines:
            faults.append(f"rounding:{row.month:%Y-%m}: the journal gives {lines}, the statement says {row.lines}")
    return faults, found


def _period(city: City, sharing: str) -> Period:
    plan_year_id, from_day = sharing.split(":")
    return share_table(city, int(plan_year_id)).on(date.fromisoformat(from_day))


def _months_until(sums: SharedSums, end: date) -> Iterator[date]:
    """From the first month in which something was shared to the last before `end`."""
    month = min(sums, default=end)
    while month < end:
        yield month
        month = month_after(month)


def _month_of(day: date) -> date:
    return day.replace(day=1)
