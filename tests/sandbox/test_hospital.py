"""The sandbox's hospital: it settles a bill at once, or tries it and confirms the trial."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from huimin.sandbox.hospital import Hospital
from huimin.sandbox.parties import hospital_party
from huimin.sandbox.wire import Request

TRIAL, NEXT = "3f6d2c1e-8a47-4b0f-9c25-71d0e4a86b93", "b81e7f40-25cd-4e6a-8f13-0a9c64d2e757"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """What the platform was asked, by path and body. It answers as it does; the second confirmation finds the bill."""
    found: list[tuple[str, dict[str, str]]] = []

    def post(address: str, *, content: bytes, **_: Any) -> httpx.Response:
        path = address.removeprefix("http://platform")
        found.append((path, json.loads(content)))
        if path.endswith("/trials"):
            return httpx.Response(200, json={"trial": TRIAL, "replaced_by": ""})
        if path.endswith(f"{TRIAL}/confirm"):
            return httpx.Response(409, json={"trial": TRIAL, "replaced_by": NEXT})
        return httpx.Response(200, json={"payable": "5500.00"})

    monkeypatch.setattr(httpx, "post", post)
    return found


def pressed(**fields: str) -> str:
    party = hospital_party(Hospital("http://platform", {"k": {"name": "H", "secret": "s"}}))
    body = urlencode({"client": "k", **fields}).encode()
    answer = party.pages["POST", ""](Request("POST", "/hospital/", "", "", {}, body), "zh")
    return answer.body.decode()


def test_a_bill_is_tried_and_the_page_offers_to_confirm_the_trial(asked: list[tuple[str, dict[str, str]]]) -> None:
    shown = pressed(how="try", setl_id="A", psn_no="P")
    assert asked == [("/api/v1/settlements/trials", {"setl_id": "A", "psn_no": "P"})]
    assert f'name="trial" value="{TRIAL}"' in shown
    assert "确认试算" in shown


def test_an_outdated_trial_leads_to_the_one_that_took_its_place(asked: list[tuple[str, dict[str, str]]]) -> None:
    shown = pressed(how="confirm", trial=TRIAL)
    assert asked == [(f"/api/v1/settlements/trials/{TRIAL}/confirm", {})]
    assert f'name="trial" value="{NEXT}"' in shown
    assert "5500.00" in pressed(how="confirm", trial=NEXT)


def test_a_bill_that_is_settled_at_once_offers_nothing_to_confirm(asked: list[tuple[str, dict[str, str]]]) -> None:
    assert "确认试算" not in pressed(setl_id="A", psn_no="P")
    assert asked[0][0] == "/api/v1/settlements"
