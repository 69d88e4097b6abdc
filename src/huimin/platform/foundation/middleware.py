"""Steps for every request: security headers, and a limit on waiting for the database."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from huimin.platform.foundation.patience import patience

__all__ = ["Patience", "SecurityHeaders"]

_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'"
)


def origin(address: str) -> str:
    """Scheme and host of an address, in the form of a content security policy."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class SecurityHeaders:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # The order form is answered with a redirect to the payment company, and browsers apply form-action to that too.
        self.policy = f"{_POLICY} {origin(settings.PAYMENT_GATEWAY)}"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        if settings.HSTS_SECONDS:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={settings.HSTS_SECONDS}")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


class Patience:
    """Limits how long a request may wait for the database. Staff's pages may wait longer, since they count a whole
    city.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = request.path_info.startswith("/staff/")
        with patience(settings.STAFF_WAIT_SECONDS if staff else settings.WAIT_SECONDS):
            return self.get_response(request)
