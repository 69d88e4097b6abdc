"""Studies, read."""

from __future__ import annotations

from huimin.platform.desk.models import Study
from huimin.platform.foundation.models import City

__all__ = ["latest_studies", "study_by_id"]


def latest_studies(city: City, count: int) -> list[Study]:
    rows = Study.objects.of(city).order_by("-requested_at", "-pk")
    return list(rows.defer("plan_text", "sources_text", "pages", "document", "workbooks")[:count])


def study_by_id(city: City, study_id: int) -> Study | None:
    found: Study | None = Study.objects.of(city).filter(pk=study_id).first()
    return found
