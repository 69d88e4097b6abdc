"""The designers' page: faults, words, curves and differences of a plan file that is not kept."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from huimin.cli import main
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.models import City
from huimin.terms import plan_texts
from platform_support import logged_in

pytestmark = pytest.mark.django_db
SHANGHAI = "shanghai/huhuibao/2025"


@pytest.fixture(autouse=True)
def _password_alone(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def administrator(city: City) -> Client:
    return logged_in("admin", "en")


def checked(client: Client, text: str, **more: str) -> str:
    sources = plan_texts(SHANGHAI)[1]
    response = client.post("/staff/designer/", {"text": text, "sources": sources, **more})
    assert response.status_code == 200
    return response.content.decode()


def test_a_plan_of_the_catalogue_opens_with_its_words_and_curves(administrator: Client) -> None:
    page = administrator.get(f"/staff/designer/?plan={SHANGHAI}").content.decode()
    assert "Deductible of the year: ¥12,000" in page
    assert "chart-curve-inpatient_self_funded" in page
    assert "After 3 or more years without a claim" in page


def test_all_faults_are_shown_and_nothing_is_kept(administrator: Client, city: City) -> None:
    before = list(PlanYear.objects.of(city).values_list("plan_digest"))
    text = plan_texts(SHANGHAI)[0].replace('percent = "70"', 'percent = "170"', 1)
    text = text.replace('yuan = "129.00"', "yuan = 129.5")
    page = checked(administrator, text)
    assert "2 things to mend" in page
    assert "premium.yuan" in page
    assert list(PlanYear.objects.of(city).values_list("plan_digest")) == before


def test_what_differs_is_said(administrator: Client) -> None:
    text = plan_texts(SHANGHAI)[0].replace('yuan = "12000.00"', 'yuan = "9000.00"')
    page = checked(administrator, text, against=SHANGHAI)
    assert "Deductible of the year: ¥9,000" in page
    assert 'class="taken"' in page
    assert "The two plans say the same" in checked(administrator, plan_texts(SHANGHAI)[0], against=SHANGHAI)


def test_what_differs_is_what_the_command_says(
    administrator: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, sources = plan_texts(SHANGHAI)
    changed = text.replace('yuan = "12000.00"', 'yuan = "9000.00"')
    (tmp_path / "plan.toml").write_text(changed, "utf-8")
    (tmp_path / "sources.toml").write_text(sources, "utf-8")
    assert main(["plans", "compare", SHANGHAI, str(tmp_path / "plan.toml"), "--language", "en"]) == 0
    said = [line.strip()[1:].strip() for line in capsys.readouterr().out.splitlines() if line.strip()[:1] in {"+", "-"}]
    page = checked(administrator, changed, against=SHANGHAI)
    assert said
    assert [line for line in said if escape(line) not in page] == []


@pytest.mark.parametrize("name", ["handler", "insurer", "bureau"])
def test_it_is_the_administrators_page(city: City, name: str) -> None:
    assert logged_in(name).get("/staff/designer/").status_code == 403


def test_a_file_that_is_no_toml_or_hostile_gets_a_sentence(administrator: Client) -> None:
    assert "1 thing to mend" in checked(administrator, "<script>alert(1)</script>")
    assert "1 thing to mend" in checked(administrator, "x = " + "[" * 3_000)
