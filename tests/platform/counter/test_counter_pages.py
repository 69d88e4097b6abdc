"""The counter's pages: a walk from the card to the printed policy, and what is kept of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from huimin.platform.disclosure.models import ShownMoment
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.tasks.kinds import Lane
from listed_pages import PAGES, Listed, render
from platform_support import logged_in
from subsidies_support import uncovered
from work_support import work_off

NAMES = ("counter", "till")
OURS = [one for one in PAGES if one.name.startswith(NAMES)]


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.mark.parametrize("listed", OURS, ids=lambda one: one.title)
def test_every_page_of_the_counter_opens(city: City, listed: Listed) -> None:
    assert "柜面" in render(city, listed, "zh").html


def test_from_the_card_on_the_counter_to_the_printed_policy(city: City) -> None:
    (person,) = uncovered(city, 1)
    client = logged_in("counter")
    client.post("/staff/counter/", {"name": person.name, "id_number": person.id_number})
    page = client.get("/staff/counter/person/").content.decode()
    words = re.search('name="words" value="([0-9a-f]+)"', page)
    assert words is not None
    sent = {"words": words[1], "how": "paper", "paper": "GZ-0042", "pay": "cash"}
    answer = client.post("/staff/counter/person/", sent)
    assert answer.status_code == 302
    order = answer["Location"]
    assert "158.00" in client.get(order).content.decode()
    client.post(f"{order}take/")
    work_off(Lane.ORDERS)
    policy = Policy.objects.of(city).get(insured=person.pk)
    assert policy.number in client.get(order).content.decode()
    kept = ShownMoment.objects.of(city).filter(resident=person.pk)
    assert {"counter-person", "counter-order"} <= set(kept.values_list("address", flat=True))
    assert {moment.by for moment in kept} == {f"staff:{client.session['_auth_user_id']}"}


def test_words_that_changed_since_they_were_read_out_are_not_agreed_to(city: City) -> None:
    (person,) = uncovered(city, 1)
    client = logged_in("counter")
    client.post("/staff/counter/", {"name": person.name, "id_number": person.id_number})
    answer = client.post(
        "/staff/counter/person/", {"words": "0" * 64, "how": "paper", "paper": "GZ-0042", "pay": "cash"}
    )
    assert answer.status_code == 422
    assert not Policy.objects.of(city).filter(insured=person.pk).exists()
