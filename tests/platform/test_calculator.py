"""The calculator decides by the plan's own program, asks only what the terms ask for, and keeps nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from huimin.platform.claims.models import ReviewItem, SettlementFact
from huimin.platform.foundation.models import City

pytestmark = pytest.mark.django_db


def answer(city: City, **given: str) -> str:
    response = Client(HTTP_ACCEPT_LANGUAGE="en").post(f"/{city.code}/calculator/", given)
    assert response.status_code == 200
    return response.content.decode()


def test_the_published_example_is_computed_with_its_steps(city: City) -> None:
    page = answer(city, self_paid="115,227.53", self_funded="3617.58", pre_existing="no")
    assert "69,025.20" in page
    assert "5,227.53 × 77%" in page
    assert "49,819.91" in page


def test_the_answers_to_the_questions_count(city: City) -> None:
    assert "58,502.45" in answer(city, self_paid="115227.53", self_funded="3617.58", pre_existing="yes")
    later = answer(city, self_paid="115227.53", self_funded="3617.58", pre_existing="yes", continuous_years="2")
    assert "69,025.20" in later


def test_only_what_the_terms_ask_for_is_asked(city: City) -> None:
    page = Client().get(f"/{city.code}/calculator/").content.decode()
    assert 'name="pre_existing"' in page
    assert 'name="continuous_years"' in page
    assert 'name="hospital_level"' not in page
    assert 'name="edition"' not in page


@pytest.mark.parametrize("text", ["many", "1.234", "-5", "1e9", "99999999999999"])
def test_an_amount_that_cannot_be_read_is_named_and_computes_nothing(city: City, text: str) -> None:
    page = answer(city, self_paid=text)
    assert "cannot be read" in page
    assert 'class="calculation"' not in page


def test_nothing_is_kept(city: City) -> None:
    before = SettlementFact.objects.of(city).count(), ReviewItem.objects.of(city).count()
    answer(city, self_paid="50000")
    assert (SettlementFact.objects.of(city).count(), ReviewItem.objects.of(city).count()) == before
