"""Orders for people who had cover elsewhere for the same days: what the payer was told, and what came of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from huimin.platform.enrolment.api import people_told_twice
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["other_cover"]


@staff_page(Action.SEE_OTHER_COVER)
def other_cover(request: CityRequest) -> HttpResponse:
    """The latest first, page by page, by numbers alone."""
    found = people_told_twice(request.city, page_number(request.GET.get("page")))
    return render(request, "staff/other_cover.html", {"rows": found.rows, "list": found, "total": found.total})
