"""Studies, read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from huimin.money import BASIS
from huimin.platform.desk.models import Kind, Study
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged

__all__ = ["BreakEven", "break_even_of", "latest_studies", "study_by_id"]

_SHOWN = 10
_AS_IT_IS = {"deductible": 10, "points": 0, "limit": 10}


def latest_studies(city: City, page: int) -> Paged[Study]:
    rows = Study.objects.of(city).order_by("-requested_at", "-pk")
    unread = ("plan_text", "sources_text", "pages", "document", "workbooks", "task__payload")
    return paged(rows.select_related("task").defer(*unread), page, _SHOWN)


def study_by_id(city: City, study_id: int) -> Study | None:
    found: Study | None = Study.objects.of(city).select_related("task").filter(pk=study_id).first()
    return found


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
