"""Pages for what went wrong. They say what to do next and repeat nothing of the request."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import DisallowedHost, PermissionDenied, RequestDataTooBig
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from huimin.platform.foundation.actors import Who
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.permissions import NAMES
from huimin.platform.foundation.unavailable import trouble_of
from huimin.platform.web.days import page_language

__all__ = ["broken", "forbidden", "not_found", "unreadable"]


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    return render(request, "errors/404.html", _frame(request), status=404)


def forbidden(request: HttpRequest, reason: str = "", exception: object = None) -> HttpResponse:
    """The page for somebody without permission. It names the roles that have it, if the table of permissions gave
    them.
    """
    return render(request, "errors/403.html", {**_frame(request), "allowed": _allowed(exception)}, status=403)


def _allowed(exception: object) -> list[str]:
    """The names of the roles that may open the page, if the table of permissions refused; otherwise empty."""
    refusal = exception.args[0] if isinstance(exception, PermissionDenied) and exception.args else None
    if not isinstance(refusal, NotAllowed):
        return []
    english = page_language() == "en"
    return [NAMES[Who(one)][english] for one in refusal.values["allowed"].split()]


def unreadable(request: HttpRequest, exception: object = None) -> HttpResponse:
    """A request that could not be read: it names another server, or its body is too large or incomplete."""
    if isinstance(exception, DisallowedHost):
        # Without links and switches, since this server refuses every address under that name.
        return HttpResponse(_without_database(request, "errors/host.html"), status=400)
    context = {"too_large": isinstance(exception, RequestDataTooBig), "unread": True}
    return HttpResponse(_without_database(request, "errors/400.html", context), status=400)


def _frame(request: HttpRequest) -> dict[str, Any]:
    """Staff see the message in their own frame, with a link to their desk; others get a link to the home page."""
    for_staff = request.path.startswith(reverse("staff"))
    way_on = reverse("staff") if for_staff else "/"
    frame = "staff/base.html" if for_staff else "base.html"
    return {"frame": frame, "for_staff": for_staff, "way_on": way_on, "next_address": way_on}


def broken(request: HttpRequest) -> HttpResponse:
    """The page for an error that no code caught; a page of its own where the database is away or refuses a text."""
    error = sys.exc_info()[1]
    trouble = trouble_of(error) if error is not None else None
    if isinstance(error, DataError):
        # Something was typed that no column can hold and that no form has checked.
        return HttpResponse(_without_database(request, "errors/400.html"), status=400)
    if trouble is None:
        return HttpResponse(_without_database(request, "errors/500.html"), status=500)
    page = HttpResponse(_without_database(request, "errors/503.html"), status=503)
    page.headers["Retry-After"] = str(trouble.retry_after)
    return page


def _without_database(request: HttpRequest, template: str, more: Mapping[str, Any] | None = None) -> str:
    """A page made without the database, so it shows neither the user nor the city."""
    context: dict[str, Any] = {
        "request": request,
        **_frame(request),
        "again": request.get_full_path() if request.method == "GET" else "",
        "language": page_language(),
        "large": request.COOKIES.get("large") == "1",
        "csrf_token": get_token(request),
        **(more or {}),
    }
    return render_to_string(template, context)
