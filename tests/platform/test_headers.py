"""What browsers are told with every page."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.test import Client

from huimin.platform import settings as production
from huimin.platform.foundation.middleware import origin
from huimin.platform.foundation.models import City

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/demo/", "/api/v1/openapi.json", "/nothing/here/", "/health/live"])
def test_every_answer_keeps_to_itself(city: City, settings: Any, path: str) -> None:
    answer = Client().get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["form-action"] == f"'self' {origin(settings.PAYMENT_GATEWAY)}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"


def test_the_payment_company_is_named_by_its_scheme_host_and_port_alone() -> None:
    assert origin("https://pay.example:8443/gate?x=1") == "https://pay.example:8443"


@pytest.mark.parametrize(("seconds", "sent"), [(31_536_000, True), (0, False)])
def test_browsers_are_told_to_keep_to_https_where_that_is_our_address(
    city: City, settings: Any, seconds: int, sent: bool
) -> None:
    settings.HSTS_SECONDS = seconds
    answer = Client().get("/demo/")
    assert answer.has_header("Strict-Transport-Security") == sent
    assert answer.get("Strict-Transport-Security", "max-age=31536000") == "max-age=31536000"


@pytest.mark.parametrize(
    ("address", "given", "seconds"),
    [("https://a.example", None, 31_536_000), ("https://a.example", "60", 60), ("http://127.0.0.1:8000", None, 0)],
)
def test_hsts_follows_the_public_address(
    monkeypatch: pytest.MonkeyPatch, address: str, given: str | None, seconds: int
) -> None:
    monkeypatch.setenv("HUIMIN_PUBLIC_ADDRESS", address)
    if given is not None:
        monkeypatch.setenv("HUIMIN_HSTS_SECONDS", given)
    try:
        changed = importlib.reload(production)
        assert (seconds, address.startswith("https")) == (changed.HSTS_SECONDS, changed.SESSION_COOKIE_SECURE)
    finally:
        monkeypatch.undo()
        importlib.reload(production)
