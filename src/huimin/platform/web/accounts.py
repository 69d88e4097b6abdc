"""Addresses of staff accounts: the pages of allauth that are used here. The others answer 404.

allauth looks up the addresses even of pages that it never shows here (sign-up, e-mail) by name, so each name must
exist.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

__all__ = ["CLOSED", "account_urls"]

CLOSED = (
    *("account_signup", "account_email", "account_email_verification_sent", "account_set_password"),
    *("account_reset_password", "account_confirm_login_code"),
)
"""Names of pages that are closed here: the administrator makes accounts, and no e-mail is sent."""


def closed(request: HttpRequest) -> HttpResponse:
    raise Http404


def forgotten(request: HttpRequest) -> HttpResponse:
    """What to do about a forgotten password, since the platform sends none."""
    return render(request, "staff/forgotten.html")


account_urls: list[URLPattern] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/reset/", forgotten, name="forgotten"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/", second_factor.index, name="mfa_index"),
    path("2fa/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    *(path(f"closed/{name}/", closed, name=name) for name in CLOSED),
]
