"""The worked example of the signing recipe is what the server computes."""

from __future__ import annotations

import re

from documents.blocks import ROOT
from huimin.platform.api.signatures import signature

TEXT = (ROOT / "docs/how-to/signing.md").read_text("utf-8")


def shown(name: str) -> str:
    (found,) = re.findall(rf"^\| {re.escape(name)}[^|]* \| (.*) \|$", TEXT, re.M)
    return str(found.strip("`"))


def test_the_server_computes_the_signature_of_the_worked_example() -> None:
    body = shown("body").encode()
    assert len(body) == 65
    secret, time, key = shown("secret"), shown("timestamp"), shown("Idempotency-Key")
    assert signature(secret, "POST", "/api/v1/settlements", time, key, body) == shown("signature")
    without = signature(secret, "GET", "/api/v1/settlements/S20220214-0001", time, "", b"")
    assert f"`{without}`" in TEXT


def test_another_body_key_time_or_path_has_another_signature() -> None:
    secret, time, key, body = shown("secret"), shown("timestamp"), shown("Idempotency-Key"), shown("body").encode()
    others = {
        signature(secret, "POST", "/api/v1/settlements", time, key, body + b" "),
        signature(secret, "POST", "/api/v1/settlements", time, key + "x", body),
        signature(secret, "POST", "/api/v1/settlements", "1644806401", key, body),
        signature(secret, "POST", "/api/v1/settlements?x", time, key, body),
        signature(secret + "x", "POST", "/api/v1/settlements", time, key, body),
    }
    assert len(others | {shown("signature")}) == 6
