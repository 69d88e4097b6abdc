"""Studies, read."""

from __future__ import annotations

from huimin.platform.desk.models import Study
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged

__all__ = ["latest_studies", "study_by_id"]

_SHOWN = 10


def latest_studies(city: City, page: int) -> Paged[Study]:
    rows = Study.objects.of(city).order_by("-requested_at", "-pk")
    unread = ("plan_text", "sources_text", "pages", "document", "workbooks", "task__payload")
    return paged(rows.select_related("task").defer(*unread), page, _SHOWN)


def study_by_id(city: City, study_id: int) -> Study | None:
    found: Study | None = Study.objects.of(city).select_related("task").filter(pk=study_id).first()
    return found
