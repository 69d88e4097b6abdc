"""Bills that nobody can decide whole, at the API and on the pages: what is decided, what is not, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from acting import acting
from cast import FATHER
from huimin.adjudication import Schedule, compile_plan
from huimin.platform.catalogue import selectors
from huimin.platform.catalogue.selectors import Terms, plan_on_sale, terms_of
from huimin.platform.claims.selectors import claims_of_policies
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.recalculation.models import Recalculation
from huimin.platform.recalculation.selectors import changes_of
from huimin.platform.recalculation.services import request_recalculation
from huimin.platform.web.calculating import decide, questions_for
from huimin.terms import find_plan
from platform_support import Caller, a_bill
from work_support import work_off

pytestmark = pytest.mark.django_db
WHY = "The rates are not in the source."


@pytest.fixture
def partly_known(covered: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """The city sells its plan, of which nobody knows the second benefit's rates."""
    year = plan_on_sale(covered)
    assert year is not None
    terms = terms_of(year)
    first, second, *others = terms.program.benefits
    unknown = replace(second, schedules=(Schedule((), None, unknown=("tiers", WHY)),))
    program = replace(terms.program, benefits=(first, unknown, *others))
    monkeypatch.setitem(selectors._terms_of_digest, year.plan_digest, Terms(terms.plan, program))
    return covered


def rows_of(city: City) -> dict[str, Any]:
    policies = list(Policy.objects.of(city).filter(psn_no=FATHER).values_list("pk", flat=True))
    return {row.bill.setl_id: row for row in claims_of_policies(city, policies, 1)}


def test_the_answer_is_undecided_with_what_is_decided_so_far_and_the_rest_with_its_reasons(
    api: Caller, partly_known: City
) -> None:
    answer = api.settle(a_bill("A", "2022-04-19", 20_000_00, 5_000_00)).json()
    assert (answer["status"], answer["payable"]) == ("undecided", "5500.00")
    assert [(line["benefit"], line["payable"]) for line in answer["benefits"]] == [("in_catalogue", "5500.00")]
    assert [(one["benefit"], one["term"], one["reason"]) for one in answer["undecided"]] == [
        ("out_of_catalogue", "tiers", WHY),
        ("residual", "earlier_benefit", "what out_of_catalogue pays is undecided"),
    ]
    assert answer["undecided"][0]["name_en"]
    assert any("is undecided" in line for line in answer["explanation"]["text_en"])
    assert api.settle(a_bill("A", "2022-04-19", 20_000_00, 5_000_00)).json() == answer
    # Bills of before were decided while the terms were known: only this one is looked at.
    assert not [fault for fault in verify_city(partly_known).faults if "settlement A" in fault]


def test_a_bill_of_a_kind_that_the_plan_does_not_cover_is_adjudicated_and_says_so(api: Caller, covered: City) -> None:
    answer = api.settle({**a_bill("A", "2022-04-19", 20_000_00), "med_type": "24"}).json()
    assert (answer["status"], answer["payable"], answer["undecided"]) == ("adjudicated", "0.00", [])
    (line,) = answer["benefits"]
    assert (line["benefit"], line["payable"]) == ("not_covered", "0.00")
    assert line["name_en"] == "The plan does not cover this kind of care: inpatient from emergency (med_type 24)."
    assert line["name_zh"] == "此类就医不在本产品保障范围内：急诊转住院（医疗类别 24）。"


def test_a_residents_list_marks_what_is_not_wholly_decided(api: Caller, partly_known: City) -> None:
    api.settle(a_bill("A", "2022-04-19", 20_000_00, 5_000_00))
    api.settle({**a_bill("B", "2022-04-19", 20_000_00), "med_type": "24"})
    rows = rows_of(partly_known)
    assert (rows["A"].undecided, rows["A"].payable) == (True, 5_500_00)
    assert not rows["B"].undecided


def test_terms_that_say_everything_leave_nothing_marked(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-19", 20_000_00, 5_000_00))
    assert not rows_of(covered)["A"].undecided


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["The plan pays (partly decided)", "This bill is only partly decided", "its rates are not known."]),
        ("zh", ["本产品赔付（未全部理算）", "本次账单尚未全部理算", "公开资料未载明其赔付比例"]),
    ],
)
def test_the_calculator_says_what_it_could_not_compute(partly_known: City, language: str, words: list[str]) -> None:
    given = {"self_paid": "20000", "self_funded": "5000"}
    page = Client(HTTP_ACCEPT_LANGUAGE=language).post(f"/{partly_known.code}/calculator/", given).content.decode()
    assert all(one in page for one in words)
    assert "does not cover" not in page


def terms(name: str) -> Terms:
    plan = find_plan(name).plan
    return Terms(plan, compile_plan(plan))


def test_the_calculator_asks_whether_there_are_drugs_of_a_list_that_is_not_known() -> None:
    beijing = terms("beijing/puhui/2022")
    assert "unlisted" in [question.name for question in questions_for(beijing, "zh")]
    given = {"self_paid": "50000", "basic_insurance": "employee", "pre_existing": "no"}
    unsure, none = decide(beijing, given), decide(beijing, {**given, "unlisted": "no"})
    assert [one.benefit for one in unsure.undecided] == ["domestic_drugs", "overseas_drugs"]  # type: ignore[union-attr]
    assert none.undecided == ()  # type: ignore[union-attr]


def test_the_calculator_of_a_plan_of_which_nothing_is_known_decides_nothing() -> None:
    decision = decide(terms("qingdao/qindaoebao/2022"), {"self_paid": "50000"})
    assert [one.benefit for one in decision.undecided] == ["medical"]  # type: ignore[union-attr]


def test_a_recalculation_says_how_many_bills_either_terms_leave_undecided(
    city: City, settings: Any, tmp_path: Any
) -> None:
    settings.HOME, settings.SECOND_FACTOR = tmp_path, False
    year = plan_on_sale(city)
    assert year is not None
    known = 'deductible = { per = "year", yuan = "20000.00", source = "study:L2" }'
    assert known in year.plan_text
    text = year.plan_text.replace(
        known, 'deductible = { per = "year", unknown = "not published", source = "study:L2" }'
    )
    recalculation_id = request_recalculation(
        plan_year=year, plan_text=text, sources_text=year.sources_text, actor=acting(city, "insurer")
    )
    assert work_off() == 1
    found = Recalculation.objects.of(city).get(pk=recalculation_id)
    rows = {(row.by, row.value): row for row in changes_of(found)}
    assert found.summary["undecided"] == rows["plan", ""].undecided_after > 0  # type: ignore[index]
    assert rows["plan", ""].undecided_before == 0
    assert rows["benefit", "out_of_catalogue"].undecided_after == rows["plan", ""].undecided_after
