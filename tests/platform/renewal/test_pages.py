"""The pages of years and renewals, in each of their states and in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from huimin.platform.foundation.models import City
from huimin.platform.renewal.models import Renewal, RenewalNotice
from huimin.platform.web.renewal_words import sheet_in_groups
from listed_pages import PAGES, Listed, render
from platform_support import logged_in
from renewal_support import announced

OURS = [one for one in PAGES if one.name in ("renewal", "renewals", "renewal-proof")]


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.mark.parametrize("listed", OURS, ids=lambda one: one.title)
def test_every_page_of_renewals_opens_in_both_languages(city: City, listed: Listed) -> None:
    assert "续保" in render(city, listed, "zh").html


def test_a_page_of_a_renewal_says_it_in_english_too(city: City) -> None:
    listed = next(one for one in OURS if one.state == "announced")
    html = render(city, listed, "en").html
    assert "I do not want it: undo" in html
    assert "something is worse for you" in html


def test_the_sheet_stands_in_groups_under_its_headings() -> None:
    found = sheet_in_groups(["您的保费：…", "【保费】对您不利", "上年：128元", "本年：158元", "【清单】有变化"])
    assert found == [
        ("", ["您的保费：…"]),
        ("【保费】对您不利", ["上年：128元", "本年：158元"]),
        ("【清单】有变化", []),
    ]


def test_nothing_on_the_page_of_consent_is_ticked_or_chosen_beforehand(city: City) -> None:
    html = render(city, next(one for one in OURS if one.name == "renewal" and not one.state), "zh").html
    assert "checked" not in html
    assert 'type="checkbox"' not in html


def test_a_handler_writes_down_a_call_and_without_a_note_nothing_is_written(city: City) -> None:
    renewal: Renewal = announced(city, received=False)
    client: Client = logged_in("handler")
    assert client.get("/staff/renewals/").status_code == 200
    client.post(f"/staff/renewals/{renewal.pk}/told/", {"road": "telephone", "note": ""})
    assert not RenewalNotice.objects.of(city).exists()
    client.post(f"/staff/renewals/{renewal.pk}/told/", {"road": "telephone", "note": "本人接听"})
    assert RenewalNotice.objects.of(city).get().road == "telephone"
    client.post(f"/staff/renewals/{renewal.pk}/undo/", {"note": "本人到柜台"})
    renewal.refresh_from_db()
    assert renewal.status == "undone"
