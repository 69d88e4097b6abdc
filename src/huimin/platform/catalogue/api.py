"""Everything of `catalogue` that other contexts may import."""

from __future__ import annotations

from huimin.platform.catalogue.selectors import (
    PlanYearFacts,
    Terms,
    plan_ids,
    plan_on_sale,
    plan_year_by_id,
    plan_year_named,
    terms_by_digest,
    terms_of,
    window_of,
)
from huimin.platform.catalogue.services import extend_window, publish_plan_year

__all__ = [
    "PlanYearFacts",
    "Terms",
    "extend_window",
    "plan_ids",
    "plan_on_sale",
    "plan_year_by_id",
    "plan_year_named",
    "publish_plan_year",
    "terms_by_digest",
    "terms_of",
    "window_of",
]
