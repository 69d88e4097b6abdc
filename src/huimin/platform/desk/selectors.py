"""Studies, read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from huimin.money import BASIS
from huimin.platform.desk.models import Kind, Study
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.tasks.api import Standing, standing_of

__all__ = ["BreakEven", "StudyFacts", "StudyResult", "break_even_of", "latest_studies", "study_by_id", "study_result"]

_SHOWN = 10
_TEXTS, _RESULTS = ("plan_text", "sources_text", "triangle_text"), ("pages", "document", "workbooks")
_AS_IT_IS = {"deductible": 10, "points": 0, "limit": 10}


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """A study as it was asked for, and how its task stands. `people` is 0 where it uses no synthetic city."""

    id: int
    kind: str
    plan_digest: str
    people: int
    seed: int
    numbers: Mapping[str, float]
    requested_at: datetime
    task: Standing


@dataclass(frozen=True, slots=True)
class StudyResult:
    """What came of a study, all of it empty until it is done: pages and workbooks by language, these in base 64."""

    pages: Mapping[str, str]
    document: Mapping[str, Any] | None
    workbooks: Mapping[str, str]


def latest_studies(city: City, page: int) -> Paged[StudyFacts]:
    rows = Study.objects.of(city).order_by("-requested_at", "-pk")
    found = paged(rows.defer(*_TEXTS, *_RESULTS), page, _SHOWN)
    return replace(found, rows=_facts(city, found.rows))


def study_by_id(city: City, study_id: int) -> StudyFacts | None:
    rows = Study.objects.of(city).filter(pk=study_id).defer(*_TEXTS, *_RESULTS)
    return next(iter(_facts(city, rows)), None)


def study_result(city: City, study_id: int) -> StudyResult:
    """Raises Study.DoesNotExist for the id of no study."""
    return StudyResult(**Study.objects.of(city).values(*_RESULTS).get(pk=study_id))


def _facts(city: City, rows: Iterable[Study]) -> list[StudyFacts]:
    read = list(rows)
    tasks = standing_of(city, (row.task_id for row in read))
    return [
        StudyFacts(
            id=row.pk,
            kind=row.kind,
            plan_digest=row.plan_digest,
            people=row.people,
            seed=row.seed,
            numbers=row.numbers,
            requested_at=row.requested_at,
            task=tasks[row.task_id],
        )
        for row in read
    ]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """`take_up` in basis points, rounded up; `price`: the price of the design that was studied, in yuan."""

    take_up: int
    price: int


def break_even_of(city: City, plan_digest: str, price_fen: int) -> BreakEven | None:
    """From which take-up premiums carry claims and expenses under just these terms, by the latest study of designs.

    Of the prices that it tried, the nearest to the plan's. None where no study was made, or no take-up does.
    """
    rows = Study.objects.of(city).filter(kind=Kind.DESIGN, plan_digest=plan_digest, document__isnull=False)
    document = rows.order_by("-requested_at", "-pk").values_list("document", flat=True).first()
    own = [one for one in (document or {}).get("designs", ()) if one["change"] == _AS_IT_IS]
    if not own:
        return None
    nearest = min(own, key=lambda one: abs(100 * one["price"] - price_fen))
    share = nearest["break_even"]
    return None if share is None else BreakEven(math.ceil(share * BASIS), nearest["price"])
