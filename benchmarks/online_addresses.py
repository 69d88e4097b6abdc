"""The platform's addresses and one more: a signed POST that inserts one row, the reference of `make bench-online`.

It comes in by the same way as a settlement (front, signature, JSON) and goes out by the same way; between them it does
the least that a request can do that is to be kept.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path
from ninja import Body, NinjaAPI

from huimin.platform.api.reading import StrictParser
from huimin.platform.api.signatures import SignedClient
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AuditEvent
from huimin.platform.foundation.permissions import Action
from huimin.platform.urls import handler400, handler403, handler404, handler500
from huimin.platform.urls import urlpatterns as of_the_platform

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

reference = NinjaAPI(urls_namespace="bench", parser=StrictParser())


@reference.post("/rows", auth=SignedClient(Action.SETTLE))
def post_row(request: HttpRequest, body: Body[dict[str, Any]]) -> Any:
    client = request.auth  # type: ignore[attr-defined]
    city = client.city
    row = AuditEvent(city=city, actor="bench", action="bench", subject=str(body["setl_id"]), at=now(city), detail={})
    AuditEvent.objects.insert([row])
    return {"setl_id": body["setl_id"]}


urlpatterns = [path("api/v1/bench/", reference.urls), *of_the_platform]
