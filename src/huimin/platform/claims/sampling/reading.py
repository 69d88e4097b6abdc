"""The sample, read: what waits for an answer, one bill of it, and how the months came out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from huimin.platform.claims.models import SampleAnswer, SampledBill
from huimin.platform.claims.sampling.drawing import automatic
from huimin.platform.claims.sampling.rates import MonthSampled
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged

__all__ = ["Sampled", "months_sampled", "sampled_bill", "sampled_bills", "samples_open"]

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Sampled:
    """A bill that was drawn. `answer` is empty until somebody has looked."""

    id: int
    fact_id: int
    setl_id: str
    sender: str
    setl_time: datetime
    drawn_at: datetime
    answer: str
    note: str
    answered_by: str


def sampled_bills(city: City, page: int) -> Paged[Sampled]:
    """Those that wait first, the oldest first; then those that were answered."""
    found = paged(_rows(city).order_by(F("answered_at").asc(nulls_first=True), "pk"), page)
    return replace(found, rows=[_sampled(row) for row in found])


def sampled_bill(city: City, sampled_id: int) -> Sampled | None:
    row = _rows(city).filter(pk=sampled_id).first()
    return _sampled(row) if row is not None else None


def samples_open(city: City) -> int:
    return SampledBill.objects.of(city).filter(answer="").count()


def months_sampled(city: City) -> list[MonthSampled]:
    """The last twelve months in which bills came, the latest first. Two statements."""
    bills = automatic(city).annotate(month=TruncMonth("received_at")).values_list("month")
    counts = dict(bills.annotate(n=Count("pk")).order_by("-month")[:_MONTHS])
    answered, wrong = ~Q(answer=""), Q(answer=SampleAnswer.WRONG)
    rows = SampledBill.objects.of(city).annotate(month=TruncMonth("settlement__received_at")).values_list("month")
    sums = rows.annotate(n=Count("pk"), done=Count("pk", filter=answered), bad=Count("pk", filter=wrong)).order_by()
    found = {month: tuple(figures) for month, *figures in sums}
    return [MonthSampled(_day(month), bills, *found.get(month, (0, 0, 0))) for month, bills in counts.items()]


def _day(month: datetime) -> date:
    return timezone.localdate(month)


def _rows(city: City) -> QuerySet[SampledBill]:
    rows: QuerySet[SampledBill] = SampledBill.objects.of(city).select_related("settlement__client")
    return rows


def _sampled(row: SampledBill) -> Sampled:
    bill = row.settlement
    return Sampled(
        row.pk,
        bill.pk,
        bill.setl_id,
        bill.client.code,
        timezone.localtime(bill.setl_time),
        timezone.localtime(row.recorded_at),
        row.answer,
        row.note,
        row.answered_by,
    )
