"""Pages for what went wrong. They say what to do next and repeat nothing of the request."""

from __future__ import annotations

import sys
from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from huimin.platform.foundation.unavailable import trouble_of
from huimin.platform.web.days import page_language

__all__ = ["broken", "forbidden", "not_found"]


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    return render(request, "errors/404.html", _frame(request), status=404)


def forbidden(request: HttpRequest, reason: str = "", exception: object = None) -> HttpResponse:
    return render(request, "errors/403.html", _frame(request), status=403)


def _frame(request: HttpRequest) -> dict[str, Any]:
    """Staff stay at their desk: the page around the message is theirs, and so is the way on."""
    for_staff = request.path.startswith(reverse("staff"))
    way_on = reverse("staff") if for_staff else "/"
    frame = "staff/base.html" if for_staff else "base.html"
    return {"frame": frame, "for_staff": for_staff, "way_on": way_on, "next_address": way_on}


def broken(request: HttpRequest) -> HttpResponse:
    """The page for any error that nobody caught: others where the database is away, or takes no such text."""
    error = sys.exc_info()[1]
    trouble = trouble_of(error) if error is not None else None
    if isinstance(error, DataError):
        # Something was typed that no column takes, and that no rule of ours had looked at.
        return HttpResponse(_without_database(request, "errors/400.html"), status=400)
    if trouble is None:
        return HttpResponse(_without_database(request, "errors/500.html"), status=500)
    page = HttpResponse(_without_database(request, "errors/503.html"), status=503)
    page.headers["Retry-After"] = str(trouble.retry_after)
    return page


def _without_database(request: HttpRequest, template: str) -> str:
    """A page that asks nothing of the database: it does not know who is there, nor of which city."""
    context: dict[str, Any] = {
        "request": request,
        **_frame(request),
        "again": request.get_full_path() if request.method == "GET" else "",
        "language": page_language(),
        "large": request.COOKIES.get("large") == "1",
        "csrf_token": get_token(request),
    }
    return render_to_string(template, context)
