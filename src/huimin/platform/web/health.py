"""`/health/live` and `/health/ready`: for load balancers and watchdogs, by whatever host name or address they ask.

Live: the process answers; nothing else is checked. Ready: the database answers, its tables are of this version, and the
keys can be used. It also says how late messages and jobs are, but that does not decide: otherwise a load balancer would
take every web server out of service when the message gateway is away. Neither answer has a secret or a name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from huimin.platform.foundation.checks import tables_are_up_to_date
from huimin.platform.foundation.keys import key_faults
from huimin.platform.foundation.unavailable import trouble_of
from huimin.platform.tasks.api import Figures, Lane, figures

__all__ = ["Health"]

_up_to_date: set[str] = set()
"""Databases whose tables are known to be of this version. They are not checked again while the process runs."""


class Health:
    """A middleware, so that these two addresses are answered before hosts, sessions and languages are looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/health/live":
            return HttpResponse("live\n", content_type="text/plain; charset=utf-8")
        if request.path_info == "/health/ready":
            return _ready()
        return self.get_response(request)


def _ready() -> HttpResponse:
    reasons = ["keys"] if key_faults() else []
    said: dict[str, Any] = {}
    try:
        if not _is_up_to_date():
            reasons.append("migrations")
        else:
            said["outbox"] = _said(figures([Lane.MESSAGES]))
            said["jobs"] = _said(figures([Lane.JOBS]))
            said["orders"] = _said(figures([Lane.ORDERS]))
            said["issuing"] = _said(figures([Lane.ISSUING]))
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        reasons.append(trouble.code)
    document = {"status": "not_ready" if reasons else "ready", "reasons": reasons, **said}
    response = HttpResponse(json.dumps(document), status=503 if reasons else 200, content_type="application/json")
    if reasons:
        response.headers["Retry-After"] = "2"
    return response


def _said(found: Figures) -> dict[str, int]:
    oldest = int(found.oldest.total_seconds())
    return {"waiting": found.waiting, "oldest_seconds": oldest, "given_up": found.failed}


def _is_up_to_date() -> bool:
    """Whether every migration of this version was applied. Also checks that the database answers."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.alias not in _up_to_date:
        if not tables_are_up_to_date():
            return False
        _up_to_date.add(connection.alias)
    return True
