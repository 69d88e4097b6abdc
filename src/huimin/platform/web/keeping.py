"""Pages of enrolment are kept as they were sent: the wrapper around their views.

docs/adr/0037 says what is kept and why. A view knows nothing of it, but that `request.placed_order` names the order
that it has placed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from huimin.platform.catalogue.api import plan_on_sale, terms_of
from huimin.platform.disclosure.api import Did, Moment, cut, keep_moment, kept_until, new_session
from huimin.platform.foundation.remembered import Remembered
from huimin.platform.web.context import is_large
from huimin.platform.web.days import page_language
from huimin.platform.web.session import CityRequest, Page, marks_of

__all__ = ["kept", "kept_addresses"]

_SESSION = "enrolment_session"
_STYLES = ("huimin/vendor/pico.jade.min.css", "huimin/huimin.css")
_KEPT = ("enrol", "order", "renewal", "counter-person", "counter-order")
_BEGINS = ("enrol", "counter-person")
"""Pages with which the next session begins, after an order was placed."""
_NEVER_SHOWN = frozenset({"csrfmiddlewaretoken"})
_SECRET = frozenset({"code"})
"""Fields whose value is not kept: one-time codes."""
_MASK = "••••••"
_cover_to: Remembered[int, Any] = Remembered(seconds=60)


def kept_addresses(patterns: Sequence[URLPattern | URLResolver]) -> None:
    """Have every page of enrolment kept, those too that come later: by the beginning of its address's name."""
    for one in patterns:
        if isinstance(one, URLPattern) and (one.name or "").startswith(_KEPT):
            one.callback = kept(one.callback)


def kept(view: Page) -> Page:
    """Keep what a signed-in resident is sent by this view. Others are sent to sign in, which shows nothing."""

    @wraps(view)
    def page(request: CityRequest, *arguments: Any, **named: Any) -> HttpResponse:
        with marks_of(request) as nonce:
            response = view(request, *arguments, **named)
        parts = cut(response.content, nonce)
        response.content = parts.content
        if getattr(request, "resident", None) is not None and not _is_waiting(request, parts.content):
            moment = _moment(request, response, named)
            keep_moment(actor=request.actor, moment=moment, parts=parts)
        return response

    return page


def _is_waiting(request: CityRequest, content: bytes) -> bool:
    """The part of a page that asks every two seconds whether something has come: what it waits for is kept."""
    return bool(request.headers.get("HX-Request")) and b"hx-trigger" in content


def _moment(request: CityRequest, response: HttpResponse, named: Mapping[str, Any]) -> Moment:
    order = getattr(request, "placed_order", "") or str(named.get("reference", ""))
    name = request.resolver_match.url_name if request.resolver_match else ""
    return Moment(
        session=_session(request, name or "", order),
        resident_id=request.resident.id,
        address=name or "",
        did=Did.SENT if request.method == "POST" else Did.OPENED,
        status=response.status_code,
        language=page_language(),
        large=is_large(request),
        keep_until=_keep_until(request),
        order=order,
        sent=_sent(request),
        leads_to=response.headers.get("Location", ""),
        styles=_styles() if response.status_code == 200 else {},  # noqa: PLR2004
    )


def _session(request: CityRequest, name: str, order: str) -> str:
    """The session's name. After an order was placed, a page of enrolment begins another."""
    key, ended = request.session.get(_SESSION, ("", False))
    if not key or (ended and name.startswith(_BEGINS)):
        key, ended = new_session(), False
        request.session[_SESSION] = [key, ended]
    if order and not ended:
        request.session[_SESSION] = [key, True]
    return str(key)


def _sent(request: CityRequest) -> dict[str, list[str]]:
    """What was filled in and which button was tapped; of a page that was only opened, what its address asks for."""
    data = request.POST if request.method == "POST" else request.GET
    return {
        name: [_MASK] * len(values) if name in _SECRET else [str(value) for value in values]
        for name, values in data.lists()
        if name not in _NEVER_SHOWN
    }


def _keep_until(request: CityRequest) -> Any:
    """Five years after the end of the cover that is on sale."""

    def load() -> Any:
        plan_year = plan_on_sale(request.city)
        return terms_of(plan_year).plan.cover.last_day if plan_year is not None else None

    return kept_until(_cover_to.get(request.city.pk, load) or timezone.localdate())


@cache
def _styles() -> dict[str, bytes]:
    """The style sheets that pages name, by the address under which they name them."""
    found = {}
    for name in _STYLES:
        path = finders.find(name)
        if isinstance(path, str):
            found[static(name)] = Path(path).read_bytes()
    return found
