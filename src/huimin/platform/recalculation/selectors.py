"""Recalculations, read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.recalculation.models import Recalculation
from huimin.platform.tasks.api import Standing, standing_of

__all__ = ["ChangeRow", "RecalculationFacts", "changes_of", "latest_recalculations", "recalculation_by_id"]

_SHOWN = 10
_TEXTS = ("plan_text", "sources_text")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A group of members under the terms as sold and under the other terms. `by` is plan, benefit, age or area; sums in
    fen.

    It also counts bills that are undecided under each of the terms; what they will pay is in neither sum.
    """

    by: str
    value: str
    more: int
    less: int
    before: int
    after: int
    undecided_before: int
    undecided_after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class RecalculationFacts:
    """A recalculation, how its task stands, and what came of it: `summary` is None until it is done.

    `summary` is summary.json of the job, `standing` what the stored decisions paid when it ran, in fen by benefit.
    """

    id: int
    plan_year_id: int
    plan_digest: str
    requested_at: datetime
    task: Standing
    summary: Mapping[str, Any] | None
    changes: Sequence[ChangeRow]
    standing: Mapping[str, int]


def latest_recalculations(city: City, plan_year: PlanYearFacts, page: int) -> Paged[RecalculationFacts]:
    rows = Recalculation.objects.of(city).filter(plan_year=plan_year.id).order_by("-requested_at", "-pk")
    found = paged(rows.defer(*_TEXTS), page, _SHOWN)
    return replace(found, rows=_facts(city, found.rows))


def recalculation_by_id(city: City, recalculation_id: int) -> RecalculationFacts | None:
    rows = Recalculation.objects.of(city).filter(pk=recalculation_id).defer(*_TEXTS)
    return next(iter(_facts(city, rows)), None)


def _facts(city: City, rows: Iterable[Recalculation]) -> list[RecalculationFacts]:
    read = list(rows)
    tasks = standing_of(city, (row.task_id for row in read))
    return [
        RecalculationFacts(
            id=row.pk,
            plan_year_id=row.plan_year_id,
            plan_digest=row.plan_digest,
            requested_at=row.requested_at,
            task=tasks[row.task_id],
            summary=row.summary,
            changes=changes_of(row),
            standing=row.standing,
        )
        for row in read
    ]


def changes_of(found: Recalculation) -> list[ChangeRow]:
    return [ChangeRow(*row) for row in found.changes]
