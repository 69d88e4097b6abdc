"""Who asks for a page, and in which city: residents are known by the session, staff by their user.

Each decorator names the actions that a page is for. The table of permissions says who may do them. Anybody else gets
status 403, also if a service refuses later.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from huimin.platform.foundation.actors import Actor, resident_actor
from huimin.platform.foundation.authorising import NotAllowed, admits
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import city_by_code
from huimin.platform.people.api import NamedPerson, Source, named_persons
from huimin.platform.web.actors import acting_staff

__all__ = [
    "CityRequest",
    "Page",
    "city_page",
    "marks_of",
    "resident_in_session",
    "resident_page",
    "sign_in_resident",
    "sign_out_resident",
    "source_of",
    "staff_page",
    "with_device",
]

_RESIDENT, _DEVICE = "resident_id", "device"
_DEVICE_FORM = re.compile("[0-9a-f]{32}")
Page = Callable[..., HttpResponse]


class CityRequest(HttpRequest):
    """A request inside a city's wall. `actor` is set on pages for residents and staff, `resident` on the former."""

    city: City
    resident: NamedPerson
    actor: Actor
    placed_order: str = ""
    """The reference of the order that this request has placed."""
    shared_nonce: str = ""
    """While a page is made that is kept: what marks its parts that are the same for everybody."""
    elderly: bool = False
    """Whether this page must be in elderly mode (plain, large letters), whatever was chosen."""


@contextmanager
def marks_of(request: CityRequest) -> Iterator[str]:
    """While inside, templates mark what is the same for everybody; what renders the page cuts the marks out again."""
    request.shared_nonce = secrets.token_hex(8)
    try:
        yield request.shared_nonce
    finally:
        request.shared_nonce = ""


def city_page(view: Page) -> Page:
    """A page for anyone, of the city named in the address."""

    @wraps(view)
    def page(request: CityRequest, city_code: str, **arguments: Any) -> HttpResponse:
        city = city_by_code(city_code)
        if city is None:
            raise Http404
        request.city = city
        return view(request, **arguments)

    return _for_actions(page, Action.READ_PUBLIC)


def resident_page(action: Action) -> Callable[[Page], Page]:
    """A page for a resident who has signed in; others are sent to sign in first and then come back."""

    def decorate(view: Page) -> Page:
        @city_page
        @wraps(view)
        def page(request: CityRequest, **arguments: Any) -> HttpResponse:
            resident = resident_in_session(request)
            if resident is None:
                address = reverse("identity", kwargs={"city_code": request.city.code})
                return redirect(f"{address}?{urlencode({'next': request.path})}")
            request.resident, request.actor = resident, resident_actor(request.city, resident.id)
            return _answered(request, view, (action,), arguments)

        return _for_actions(page, action)

    return decorate


def staff_page(*actions: Action) -> Callable[[Page], Page]:
    """A page for staff who may do one of these, with a second factor, in the city of their roles and no other."""

    def decorate(view: Page) -> Page:
        @wraps(view)
        def page(request: CityRequest, **arguments: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            actor = acting_staff(request.user)
            if actor is None:
                raise PermissionDenied
            request.actor, request.city = actor, actor.city
            if admits(actor, *actions) and settings.SECOND_FACTOR and not is_mfa_enabled(request.user):
                return redirect("mfa_activate_totp")
            return _answered(request, view, actions, arguments)

        return _for_actions(page, *actions)

    return decorate


def _answered(request: CityRequest, view: Page, actions: tuple[Action, ...], arguments: dict[str, Any]) -> HttpResponse:
    """The page. Raises PermissionDenied if the table, or a service that reads it, refuses this actor."""
    try:
        if not admits(request.actor, *actions):
            raise NotAllowed.of(request.actor, *actions)
        return view(request, **arguments)
    except NotAllowed as error:
        raise PermissionDenied(error) from error


def _for_actions(page: Page, *actions: Action) -> Page:
    """Store which actions a page is for, for `addresses.py`."""
    page.actions = actions  # type: ignore[attr-defined]
    return page


def resident_in_session(request: HttpRequest) -> NamedPerson | None:
    """The resident of this session, in this city and no other."""
    city: City | None = getattr(request, "city", None)
    key = request.session.get(_RESIDENT) if hasattr(request, "session") else None
    if city is None or key is None or key[0] != city.code:
        return None
    return named_persons(city, [key[1]]).get(key[1])


def source_of(request: HttpRequest) -> Source:
    """Where a request comes from: its address, and the number in the browser's cookie, if it keeps cookies."""
    device = request.COOKIES.get(_DEVICE, "")
    return Source(request.META.get("REMOTE_ADDR", ""), device if _DEVICE_FORM.fullmatch(device) else "")


def with_device(view: Page) -> Page:
    """Give the browser a random number in a cookie, so that a device on which somebody has signed in is recognised."""

    @wraps(view)
    def page(request: CityRequest, **arguments: Any) -> HttpResponse:
        response = view(request, **arguments)
        if not source_of(request).device:
            response.set_cookie(
                _DEVICE,
                secrets.token_hex(16),
                max_age=365 * 24 * 3600,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return page


def sign_in_resident(request: CityRequest, resident: NamedPerson) -> None:
    request.session.cycle_key()
    request.session[_RESIDENT] = [request.city.code, resident.id]


def sign_out_resident(request: HttpRequest) -> None:
    request.session.flush()
