"""What a resident reads and confirms before they can order, in one step for tests of what comes after."""

from __future__ import annotations

from django.test import Client

from acting import themself
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.disclosure.confirming import confirm_key_terms
from huimin.platform.enrolment.services import open_terms
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Resident

__all__ = ["confirm_by_page", "have_read", "words_on"]


def have_read(city: City, resident: Resident) -> None:
    """The resident has opened the terms and confirmed the key terms."""
    year = plan_on_sale(city)
    assert year is not None
    open_terms(actor=themself(resident), resident=resident, plan_year=year)
    confirm_key_terms(actor=themself(resident), resident=resident, plan_year=year, language="zh", words_digest="0" * 64)


def words_on(page: str) -> str:
    """The digest of the words that a page of key terms shows."""
    return page.split('name="words" value="')[1].split('"', maxsplit=1)[0]


def confirm_by_page(browser: Client, city: City) -> None:
    """Open the terms and confirm the key terms, as a finger does."""
    browser.post(f"/{city.code}/enrol/terms/")
    for part in range(6):
        page = browser.get(f"/{city.code}/enrol/key-terms/?part={part}").content.decode()
    answer = browser.post(f"/{city.code}/enrol/key-terms/", {"words": words_on(page)})
    assert answer.headers["Location"] == f"/{city.code}/enrol/pay/"
