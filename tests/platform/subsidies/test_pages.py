"""The pages of funds, rosters and sponsors, in each of their states; and whose they are."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from acting import staff_with
from huimin.platform.foundation.models import City, Role
from listed_pages import PAGES, Listed, render
from platform_support import logged_in
from subsidies_support import a_fund

NAMES = {"funds", "fund", "roster", "roster-version", "sponsor"}
BUTTONS = {"fund-contribution", "roster-answer", "roster-propose"}
OURS = [one for one in PAGES if one.name in NAMES | BUTTONS or one.state == "granted"]


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.mark.parametrize("listed", OURS, ids=lambda one: one.title)
def test_every_page_of_funds_opens_in_both_languages(city: City, listed: Listed) -> None:
    html = render(city, listed, "zh").html
    assert "资助" in html or "免费参保" in html


def test_a_page_of_a_fund_says_it_in_english_too(city: City) -> None:
    listed = next(one for one in OURS if one.name == "sponsor" and not one.state)
    html = render(city, listed, "en").html
    assert "Our support" in html
    assert "¥20,000.00" in html
    assert "for 14 people" in html


def test_a_sponsor_sees_its_own_funds_and_no_other(city: City) -> None:
    a_fund(city, "hope")
    a_fund(city, "other", order=2)
    user = staff_with(city, "of-hope", Role.SPONSOR, areas=("of-hope",))
    client: Client = logged_in(user)
    assert client.get("/staff/funds/hope/").status_code == 200
    assert client.get("/staff/funds/other/").status_code == 404
    assert client.get("/staff/funds/other/workbook/").status_code == 404
    assert client.get("/staff/funds/").status_code == 403
    assert client.get("/staff/rosters/poor/").status_code == 403


def test_the_workbook_holds_the_amounts_of_the_page(city: City) -> None:
    listed = next(one for one in OURS if one.name == "fund")
    listed.before(city, Client())
    answer = logged_in("handler").get("/staff/funds/love-2022/workbook/")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert 20_000 in cells
    assert 14 * 158 in cells
    assert len(book.sheetnames) == 5
