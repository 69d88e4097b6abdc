"""The calculator decides by the plan's own program, asks only what the terms ask for, and keeps nothing."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.worked_years import LANGUAGE
from huimin.adjudication import Decision, compile_plan
from huimin.errors import InputError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import Terms, terms_of
from huimin.platform.foundation.models import City
from huimin.platform.web.calculating import decide, faults_of, needs_an_amount, questions_for
from huimin.platform.web.forms.calculator import CalculatorForm
from huimin.terms import load_plan

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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, "cannot be read") for text in ("many", "1.234", "1e9", "99999999999999")),
        ("-5", "&quot;-5&quot; is not between 0 and 100,000,000.00 yuan"),
    ],
)
def test_an_amount_that_cannot_be_used_is_named_and_computes_nothing(city: City, text: str, said: str) -> None:
    page = answer(city, self_paid=text)
    assert said in page
    assert 'class="calculation"' not in page


def test_nothing_is_kept(city: City) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert "26,000.00" in answer(city, self_paid="50000")
    said = [query["sql"] for query in captured]
    assert said
    assert [text for text in said if not text.startswith("SELECT")] == []


def whole_language() -> Terms:
    plan = load_plan(LANGUAGE / "plan.toml").plan
    return Terms(plan, compile_plan(plan))


def usual(terms: Terms, **given: str) -> dict[str, str]:
    """The first answer to every question, and those that are given."""
    questions = questions_for(terms, "en")
    return {**{q.name: q.choices[0][0] if q.choices else "" for q in questions}, **given}


def test_a_plan_that_asks_for_everything_is_answered_by_the_first_choices() -> None:
    terms = whole_language()
    names = {question.name for question in questions_for(terms, "zh")}
    assert {"edition", "pre_existing_group", "disease", "hospital_list", "care_setting", "days", "item"} <= names
    decision = decide(terms, usual(terms, self_paid="13000.55", basic_insurance="employee"))
    assert isinstance(decision, Decision)
    assert {line.benefit: line.payable for line in decision.benefits}["inside"] == 6000_00


@pytest.mark.parametrize(
    ("given", "benefit", "fen"),
    [
        ({"days": "12"}, "stay", 800_00),
        ({"days": "2"}, "stay", 0),
        ({"hospital_list": "proton_centres", "disease": "cancer"}, "proton", 10_000_00),
        (
            {"care_setting": "pharmacy", "self_funded": "20000", "item": "D02", "item_amount": "20,000"},
            "drugs",
            9_000_00,
        ),
        ({"self_paid": "12000", "pre_existing_group": "cancer", "disease": "cancer"}, "inside", 3_000_00),
        ({"self_paid": "12000", "pre_existing_group": "cancer"}, "inside", 6_000_00),
    ],
)
def test_each_answer_counts(given: dict[str, str], benefit: str, fen: int) -> None:
    terms = whole_language()
    decision = decide(terms, usual(terms, basic_insurance="resident", **given))
    assert isinstance(decision, Decision)
    assert {line.benefit: line.payable for line in decision.benefits}[benefit] == fen


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"days": "many"}, "number_out_of_range"),
        ({"days": "366"}, "number_out_of_range"),
        ({"item": "D02", "item_amount": "x"}, "amount_unreadable"),
    ],
)
def test_a_number_that_cannot_be_read_is_refused(given: dict[str, str], code: str) -> None:
    terms = whole_language()
    with pytest.raises(InputError) as refused:
        decide(terms, usual(terms, **given))
    assert refused.value.code == code


class TestInElderlyMode:
    """One question a page; the answers go along, and can be gone back to."""

    def ask(self, city: City, **given: str) -> str:
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.cookies["large"] = "1"
        page = client.post(f"/{city.code}/calculator/", given) if given else client.get(f"/{city.code}/calculator/")
        assert page.status_code == 200
        return page.content.decode()

    def seen(self, page: str) -> list[str]:
        """The names of the fields that a reader sees."""
        controls = re.findall(r"<(?:input|select)[^>]*>", page.partition("<main")[2])
        names = [re.search(r'name="([^"]*)"', one) for one in controls if 'type="hidden"' not in one]
        return [name.group(1) for name in names if name]

    def test_it_begins_with_the_amounts_alone(self, city: City) -> None:
        page = self.ask(city)
        assert self.seen(page) == ["self_paid", "self_funded"]
        assert "Question 1 of 4" in page

    def test_each_answer_leads_to_the_next_question_and_the_last_to_the_payment(self, city: City) -> None:
        given = {"self_paid": "115,227.53", "self_funded": "3617.58"}
        page = self.ask(city, **given, step="1", go="on")
        assert self.seen(page) == ["pre_existing"]
        assert 'name="self_paid" value="115,227.53"' in page
        page = self.ask(city, **given, pre_existing="yes", step="2", go="on")
        assert self.seen(page) == ["continuous_years"]
        page = self.ask(city, **given, pre_existing="yes", continuous_years="0", step="3", go="on")
        assert self.seen(page) == ["care_setting"]
        page = self.ask(city, **given, pre_existing="yes", continuous_years="0", care_setting="inpatient", step="4")
        assert "58,502.45" in page
        assert self.seen(page) == []

    def test_one_goes_back_without_loss(self, city: City) -> None:
        page = self.ask(city, self_paid="x", self_funded="5", pre_existing="yes", step="2", go="back")
        assert self.seen(page) == ["self_paid", "self_funded"]
        assert 'name="pre_existing" value="yes"' in page
        assert "fault-summary" not in page
        again = self.ask(city, self_paid="50000", pre_existing="yes", step="3", go="start")
        assert 'value="50000"' in again
        assert self.seen(again) == ["self_paid", "self_funded"]

    @pytest.mark.parametrize("step", ["1", "2", "3", "99", "x", "-1"])
    def test_what_cannot_be_read_is_asked_for_again_on_its_own_page(self, city: City, step: str) -> None:
        page = self.ask(city, self_paid="many", step=step, go="on")
        assert self.seen(page) == ["self_paid", "self_funded"]
        assert "cannot be read" in page
        assert 'value="many"' in page

    def test_an_empty_bill_is_asked_for_at_once(self, city: City) -> None:
        page = self.ask(city, self_paid="", self_funded="", step="1", go="on")
        assert self.seen(page) == ["self_paid", "self_funded"]
        assert "fault-summary" in page


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("self_paid", "100000000.00", ""),
        ("self_paid", "100000000.01", "amount_out_of_range"),
        ("self_paid", "0", ""),
        ("self_paid", "-0.01", "amount_out_of_range"),
        ("self_funded", "1.234", "amount_unreadable"),
        ("self_funded", "1，234.50", ""),
        ("age", "", ""),
        ("age", "1.5", "number_out_of_range"),
        ("age", "-1", "number_out_of_range"),
    ],
)
def test_a_figure_is_taken_up_to_its_bounds_and_refused_beyond(field: str, text: str, code: str) -> None:
    faults = list(faults_of({field: text}))
    assert [(fault.code, fault.values["field"]) for fault in faults] == ([(code, field)] if code else [])


def test_a_form_without_any_amount_asks_for_one(city: City) -> None:
    year = PlanYear.objects.of(city).get()
    terms = terms_of(year)
    assert needs_an_amount(terms, {"pre_existing": "no"})
    assert not needs_an_amount(terms, {"self_funded": "1"})
    form = CalculatorForm({"pre_existing": "no"}, terms=terms, language="en")
    refused = []
    form.refuse = lambda error, field: refused.append((error.code, field))  # type: ignore[method-assign,misc]
    form.is_valid()
    assert refused == [("nothing_given", "self_paid")]
