"""Staff log-in: nobody signs up by themselves, and a role that handles people's data needs a second factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import User
from huimin.platform.foundation.selectors import staff_member_of
from huimin.platform.foundation.services import record_audit

__all__ = ["StaffOnly", "sign_in_failed", "signed_in", "user_name"]


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def user_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """The name of whoever tries to log in: the form calls it `login`, the back end `username`."""
    given = credentials or {}
    return given.get("username") or given.get("login") or request.POST.get("login", "")


def signed_in(sender: object, user: User, **kwargs: Any) -> None:
    """Record that a member of the staff logged in. Called by Django."""
    _record(user, f"staff:{user.pk}", "staff_signed_in")


def sign_in_failed(sender: object, credentials: Mapping[str, Any], **kwargs: Any) -> None:
    """Record a failed log-in under the name of a member of the staff. Names that nobody has are not recorded."""
    user = User.objects.filter(username=credentials.get("username", "")).first()
    if user is not None:
        _record(user, "unknown", "staff_sign_in_failed")


def _record(user: User, actor: str, action: str) -> None:
    staff = staff_member_of(user)
    if staff is not None:
        city, subject, detail = staff.city, f"staff:{user.pk}", {"purpose": "sign-in"}
        record_audit(city=city, actor=actor, action=action, subject=subject, at=now(city), detail=detail)
