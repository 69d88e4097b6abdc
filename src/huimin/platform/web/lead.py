"""The check for pages that only the lead insurer may open."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from huimin.platform.oversight.api import insurer_figures
from huimin.platform.web.session import CityRequest
from huimin.platform.web.views.resident import plan_year_or_404

__all__ = ["lead_only"]


def lead_only(request: CityRequest) -> None:
    """Raises PermissionDenied for staff of another insurer of the pool."""
    figures = insurer_figures(request.city, plan_year_or_404(request.city))
    if not any(figure.is_lead and figure.code == request.staff.insurer_code for figure in figures):
        raise PermissionDenied
