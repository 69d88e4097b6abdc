"""A channel asks for the policies that it sold: how they stand, and the e-policy; nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from acting import themself
from cast import WANG_FANG
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import ApiClient, City, ClientKind
from huimin.platform.people.models import Resident
from huimin.platform.servicing.withdrawal import withdraw
from platform_support import Caller, order_for


@pytest.fixture
def sold(api: Caller, city: City) -> dict[str, Any]:
    order = api.post("channel-1", "/api/v1/orders", order_for(0)).json()
    api.pay(order["reference"], order["total"])
    found: dict[str, Any] = api.get("channel-1", f"/api/v1/orders/{order['reference']}").json()
    return found


def test_a_policy_says_how_it_stands_and_what_became_of_it(api: Caller, city: City, sold: dict[str, Any]) -> None:
    number = sold["policies"][0]["number"]
    at = f"/api/v1/policies/{number}"
    found = api.get("channel-1", at).json()
    assert (found["reference"], found["price"]) == (sold["reference"], "158.00")
    assert found["statuses"] == [{"status": "not_yet", "since": "2022-02-16"}]
    withdraw(actor=themself(Resident.objects.of(city).get(psn_no=WANG_FANG)), number=number)
    after = api.get("channel-1", at).json()
    assert [one["status"] for one in after["statuses"]] == ["cancelled", "refund_due"]
    assert (after["cover_from"], after["cover_to"]) == (found["cover_from"], found["cover_to"])


def test_the_e_policy_is_a_pdf_and_the_same_bytes_each_time(api: Caller, sold: dict[str, Any]) -> None:
    at = f"/api/v1/policies/{sold['policies'][0]['number']}/document"
    first, second = api.get("channel-1", at), api.get("channel-1", at)
    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF")
    assert first.content == second.content


@pytest.mark.parametrize("tail", ["", "/document"])
def test_another_channel_does_not_find_it_nor_one_that_is_not_there(
    api: Caller, city: City, sold: dict[str, Any], tail: str
) -> None:
    first = ApiClient.objects.get(city=city, code="channel-1")
    ApiClient.objects.create(
        city=city,
        code="channel-9",
        kind=ClientKind.CHANNEL,
        key_id="key-9",
        secret=first.secret,
        name_zh="九",
        name_en="9",
    )
    number = sold["policies"][0]["number"]
    assert api.get("channel-9", f"/api/v1/policies/{number}{tail}").json()["code"] == "not_found"
    for wrong in ("HM0", number.lower(), f"{number}0"):
        assert api.get("channel-1", f"/api/v1/policies/{wrong}{tail}").json()["code"] == "not_found"


def test_a_policy_that_was_bought_on_our_own_pages_is_no_channels(
    api: Caller, city: City, sold: dict[str, Any]
) -> None:
    order = Policy.objects.of(city).get(number=sold["policies"][0]["number"]).order_line.order
    type(order).objects.of(city).filter(pk=order.pk).update(channel="web")
    assert api.get("channel-1", f"/api/v1/policies/{sold['policies'][0]['number']}").json()["code"] == "not_found"


def test_without_a_signature_nothing_is_said(sold: dict[str, Any]) -> None:
    assert Client().get(f"/api/v1/policies/{sold['policies'][0]['number']}/document").status_code == 401


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_plan_has_its_key_terms_and_a_digest_of_their_words(api: Caller, city: City, language: str) -> None:
    plan = api.get("channel-1", f"/api/v1/plan?language={language}").json()
    assert [one["key"] for one in plan["key_terms"]] == [
        "not_covered",
        "deductible",
        "one_year",
        "indemnity",
        "history",
    ]
    assert all(one["title"] and one["lines"] for one in plan["key_terms"])
    assert len(plan["key_terms_digest"]) == 64
    other = api.get("channel-1", f"/api/v1/plan?language={'en' if language == 'zh' else 'zh'}").json()
    assert other["key_terms_digest"] != plan["key_terms_digest"]
