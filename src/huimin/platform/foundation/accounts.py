"""Staff log-in: nobody signs up by themselves, and a role that handles people's data needs a second factor."""

from __future__ import annotations

from collections.abc import Mapping

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

__all__ = ["StaffOnly", "user_name"]


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def user_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """Who tries to log in: the form says `login`, the back end `username`."""
    given = credentials or {}
    return given.get("username") or given.get("login") or request.POST.get("login", "")
