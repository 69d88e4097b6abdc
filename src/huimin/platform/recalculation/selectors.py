"""Recalculations, read."""

from __future__ import annotations

from dataclasses import dataclass

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.recalculation.models import Recalculation

__all__ = ["ChangeRow", "changes_of", "latest_recalculations", "recalculation_by_id"]

_SHOWN = 10


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


def latest_recalculations(city: City, plan_year: PlanYearFacts, page: int) -> Paged[Recalculation]:
    rows = Recalculation.objects.of(city).filter(plan_year=plan_year.id).order_by("-requested_at", "-pk")
    return paged(rows.select_related("task").defer("plan_text", "sources_text", "task__payload"), page, _SHOWN)


def recalculation_by_id(city: City, recalculation_id: int) -> Recalculation | None:
    rows = Recalculation.objects.of(city).select_related("task").filter(pk=recalculation_id)
    found: Recalculation | None = rows.first()
    return found


def changes_of(found: Recalculation) -> list[ChangeRow]:
    return [ChangeRow(*row) for row in found.changes]
