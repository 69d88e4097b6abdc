"""A closed enrolment window: no page offers to join, and what is sent all the same is refused with a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from huimin.platform.catalogue.models import PlanYear
from huimin.platform.enrolment.models import Order, Policy, TermsOpened
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Resident
from platform_support import signed_in

pytestmark = pytest.mark.django_db
OFFER = "为自己和家人投保"
PUBLIC = ("", "plan/", "calculator/", "policies/", "enrol/")


def resident(city: City) -> Client:
    """Somebody without cover, signed in."""
    insured = Policy.objects.of(city).values_list("insured_id", flat=True)
    person = Resident.objects.of(city).exclude(pk__in=list(insured)).filter(insured=True).first()
    assert person is not None
    return signed_in(person)


def window(city: City, first: date, last: date) -> None:
    PlanYear.objects.of(city).update(window_first_day=first, window_last_day=last)


def closed(city: City) -> Client:
    window(city, date(2021, 12, 1), date(2022, 2, 14))
    return resident(city)


@pytest.mark.parametrize("page", PUBLIC)
def test_no_page_offers_to_join_on_the_day_after_the_window(city: City, page: str) -> None:
    shown = closed(city).get(f"/demo/{page}").content.decode()
    assert OFFER not in shown
    assert "添加家人" not in shown
    if page not in ("", "calculator/"):
        assert "本期投保已于 2022年2月14日 结束" in shown


@pytest.mark.parametrize("page", ["", "plan/", "policies/"])
def test_every_page_offers_to_join_on_the_last_day(city: City, page: str) -> None:
    window(city, date(2021, 12, 1), date(2022, 2, 15))
    assert OFFER in resident(city).get(f"/demo/{page}").content.decode()


def test_the_calculator_offers_with_its_answer_while_the_door_is_open_and_not_after(city: City) -> None:
    bill = {"self_paid": "50000", "self_funded": "0"}
    assert OFFER in Client(HTTP_ACCEPT_LANGUAGE="zh-hans").post("/demo/calculator/", bill).content.decode()
    assert OFFER not in closed(city).post("/demo/calculator/", bill).content.decode()


def test_before_the_window_pages_say_when_it_opens(city: City) -> None:
    window(city, date(2022, 2, 16), date(2022, 2, 28))
    for page in ("", "plan/", "enrol/"):
        shown = resident(city).get(f"/demo/{page}").content.decode()
        assert OFFER not in shown
        assert "集中投保期从 2022年2月16日 开始" in shown


@pytest.mark.parametrize("address", ["enrol/add/", "enrol/terms/", "enrol/pay/"])
def test_what_is_sent_after_the_window_is_refused_with_a_sentence_and_changes_nothing(city: City, address: str) -> None:
    before = Order.objects.of(city).count(), TermsOpened.objects.of(city).count()
    answer = closed(city).post(f"/demo/{address}", {"consent": "yes", "relation": "parent"})
    assert answer.status_code == 422
    assert "现在不在集中投保期内" in answer.content.decode()
    assert (Order.objects.of(city).count(), TermsOpened.objects.of(city).count()) == before
