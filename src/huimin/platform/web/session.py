"""Who asks for a page, and in which city: residents are known by the session, staff by their user and role."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from huimin.platform.foundation.models import City, Role, StaffMember
from huimin.platform.foundation.selectors import city_by_code, staff_member_of
from huimin.platform.people.api import Resident, Source, resident_by_id

__all__ = [
    "CityRequest",
    "city_page",
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
View = TypeVar("View", bound=Callable[..., HttpResponse])


class CityRequest(HttpRequest):
    """A request inside a city's wall. `resident` and `staff` are set on the pages that ask for them."""

    city: City
    resident: Resident
    staff: StaffMember


def city_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the city named in the address."""

    @wraps(view)
    def page(request: CityRequest, city_code: str, **arguments: Any) -> HttpResponse:
        city = city_by_code(city_code)
        if city is None:
            raise Http404
        request.city = city
        return view(request, **arguments)

    return page


def resident_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for a resident who has signed in; others are sent to sign in first and then come back."""

    @city_page
    @wraps(view)
    def page(request: CityRequest, **arguments: Any) -> HttpResponse:
        resident = resident_in_session(request)
        if resident is None:
            address = reverse("identity", kwargs={"city_code": request.city.code})
            return redirect(f"{address}?{urlencode({'next': request.path})}")
        request.resident = resident
        return view(request, **arguments)

    return page


def staff_page(*roles: Role) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page for staff with one of these roles, with a second factor, in the city of their role and no other."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: CityRequest, **arguments: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            staff = staff_member_of(request.user)
            if staff is None or (roles and staff.role not in roles):
                raise PermissionDenied
            if settings.SECOND_FACTOR and not is_mfa_enabled(request.user):
                return redirect("mfa_activate_totp")
            request.staff, request.city = staff, staff.city
            return view(request, **arguments)

        return page

    return decorate


def resident_in_session(request: HttpRequest) -> Resident | None:
    """The resident of this session, in this city and no other."""
    city: City | None = getattr(request, "city", None)
    key = request.session.get(_RESIDENT) if hasattr(request, "session") else None
    if city is None or key is None or key[0] != city.code:
        return None
    return resident_by_id(city, key[1])


def source_of(request: HttpRequest) -> Source:
    """Where a request comes from: its address, and the number in the browser's cookie, if it keeps cookies."""
    device = request.COOKIES.get(_DEVICE, "")
    return Source(request.META.get("REMOTE_ADDR", ""), device if _DEVICE_FORM.fullmatch(device) else "")


def with_device(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the browser a random number in a cookie, so that a device on which somebody signed in is known again."""

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


def sign_in_resident(request: CityRequest, resident: Resident) -> None:
    request.session.cycle_key()
    request.session[_RESIDENT] = [request.city.code, resident.pk]


def sign_out_resident(request: HttpRequest) -> None:
    request.session.flush()
