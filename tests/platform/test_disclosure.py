"""What an applicant must see and confirm: key terms on their own page, and advice where the plan does not suit."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from acting import themself
from cast import FATHER, WANG_FANG
from disclosure_support import confirm_by_page, have_read, words_on
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.catalogue.services import publish_plan_year
from huimin.platform.disclosure.elderly import is_elderly
from huimin.platform.disclosure.models import KeyTermsConfirmed, SuitabilityAdvice
from huimin.platform.enrolment.models import Order
from huimin.platform.enrolment.services import EnrolmentError, open_terms, place_order
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.people.models import Resident
from huimin.terms import find_plan, key_terms, words_digest
from platform_support import person, resident, signed_in

JIANGSU = "jiangsu/yihuibao-1/2022"


@pytest.fixture
def browser(city: City) -> Client:
    return signed_in(resident(city))


def paid_order(browser: Client, city: City) -> tuple[int, str]:
    answer = browser.post(f"/{city.code}/enrol/pay/", {"consent": "yes"})
    return answer.status_code, answer.content.decode()


def test_nobody_orders_on_our_pages_who_has_not_confirmed_the_key_terms(browser: Client, city: City) -> None:
    status, page = paid_order(browser, city)
    assert "请先打开并阅读保障内容" in page
    browser.post(f"/{city.code}/enrol/terms/")
    status, page = paid_order(browser, city)
    assert status == 200
    assert "请先阅读并确认重要条款" in page
    me = Resident.objects.of(city).get(psn_no=WANG_FANG)
    year = plan_on_sale(city)
    assert year is not None
    with pytest.raises(EnrolmentError) as refused:
        place_order(actor=themself(me), plan_year=year, applicant=me, insured=[(me, Relation.SELF)])
    assert refused.value.code == "key_terms_not_confirmed"
    confirm_by_page(browser, city)
    assert paid_order(browser, city)[0] == 302


def test_opening_the_page_confirms_nothing_and_the_act_on_it_does_once(browser: Client, city: City) -> None:
    browser.post(f"/{city.code}/enrol/terms/")
    browser.get(f"/{city.code}/enrol/key-terms/?part=5")
    assert KeyTermsConfirmed.objects.of(city).count() == 0
    confirm_by_page(browser, city)
    row = KeyTermsConfirmed.objects.of(city).get()
    assert (row.resident.psn_no, row.language, len(row.words_digest)) == (WANG_FANG, "zh", 64)


def test_words_that_are_not_those_of_the_page_are_not_confirmed(browser: Client, city: City) -> None:
    browser.post(f"/{city.code}/enrol/terms/")
    answer = browser.post(f"/{city.code}/enrol/key-terms/", {"words": "0" * 64})
    assert answer.status_code == 422
    assert "请再看一遍" in answer.content.decode()
    assert not KeyTermsConfirmed.objects.of(city).exists()


def test_the_english_words_are_another_confirmation_than_the_chinese(browser: Client, city: City) -> None:
    browser.post(f"/{city.code}/enrol/terms/")
    chinese = words_on(browser.get(f"/{city.code}/enrol/key-terms/?part=5").content.decode())
    browser.cookies["language"] = "en"
    english = browser.get(f"/{city.code}/enrol/key-terms/?part=5").content.decode()
    assert words_on(english) != chinese
    browser.post(f"/{city.code}/enrol/key-terms/", {"words": words_on(english)})
    assert KeyTermsConfirmed.objects.of(city).get().language == "en"


def test_other_terms_have_to_be_confirmed_again(browser: Client, city: City) -> None:
    me = Resident.objects.of(city).get(psn_no=WANG_FANG)
    have_read(city, me)
    year = PlanYear.objects.of(city).get()
    other = publish_plan_year(
        actor=command_actor(city),
        plan_text=f"{year.plan_text}\n# corrected\n",
        sources_text=year.sources_text,
        window_first_day=year.window_first_day,
        window_last_day=year.window_last_day,
    )
    open_terms(actor=themself(me), resident=me, plan_year=other)
    assert "请先阅读并确认重要条款" in paid_order(browser, city)[1]
    assert Order.objects.of(city).filter(applicant__psn_no=WANG_FANG).count() == 0


def test_the_key_terms_are_not_shown_before_the_cover_was_opened(browser: Client, city: City) -> None:
    answer = browser.get(f"/{city.code}/enrol/key-terms/")
    assert answer.headers["Location"] == f"/{city.code}/enrol/terms/"


@pytest.mark.parametrize(("born", "elderly"), [("1957-02-15", True), ("1957-02-16", False)])
def test_from_the_65th_birthday_on_the_page_is_the_plain_one(
    browser: Client, city: City, born: str, elderly: bool
) -> None:
    """It is 15 February 2022 in the city."""
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(birth_date=born)
    browser.post(f"/{city.code}/enrol/terms/")
    page = browser.get(f"/{city.code}/enrol/key-terms/").content.decode()
    assert ('class="large"' in page) is elderly
    assert ("不是医保" in page) is elderly
    assert ("不保证续保" in page) is not elderly
    assert is_elderly(date.fromisoformat(born), date(2022, 2, 15)) is elderly


def test_an_insured_parent_of_65_makes_the_page_plain_for_the_child_who_pays(browser: Client, city: City) -> None:
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(birth_date="1990-01-01")
    Resident.objects.of(city).filter(psn_no=FATHER).update(birth_date="1950-01-01")
    browser.post(f"/{city.code}/enrol/terms/")
    assert 'class="large"' not in browser.get(f"/{city.code}/enrol/key-terms/").content.decode()
    browser.post(f"/{city.code}/enrol/add/", {**person(1), "relation": "parent"})
    assert 'class="large"' in browser.get(f"/{city.code}/enrol/key-terms/").content.decode()


def test_in_large_letters_no_term_is_passed_over(browser: Client, city: City) -> None:
    browser.cookies["large"] = "1"
    browser.post(f"/{city.code}/enrol/terms/")
    address = f"/{city.code}/enrol/key-terms/"
    assert "第 1 条，共 5 条" in browser.get(address + "?part=5").content.decode()
    answer = browser.post(address, {"words": words_digest(key_terms(find_plan(JIANGSU).plan, "zh"))})
    assert answer.headers["Location"] == address
    assert not KeyTermsConfirmed.objects.of(city).exists()
    for part in range(2, 6):
        page = browser.get(f"{address}?part={part}").content.decode()
        assert f"第 {part} 条，共 5 条" in page
    browser.post(address, {"words": words_on(page)})
    assert KeyTermsConfirmed.objects.of(city).count() == 1


@pytest.fixture
def not_insured(browser: Client, city: City) -> str:
    """The address of the advice about somebody without basic insurance."""
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(insured=False)
    page = browser.get(f"/{city.code}/enrol/").content.decode()
    address = f"/{city.code}/enrol/advice/{Resident.objects.of(city).get(psn_no='P00000001').pk}/"
    assert f'href="{address}"' in page
    return address


def test_who_is_advised_to_stop_and_does_is_out_of_the_order_and_it_is_recorded(
    browser: Client, city: City, not_insured: str
) -> None:
    answer = browser.post(not_insured, {"decision": "stopped"})
    assert answer.headers["Location"] == f"/{city.code}/enrol/"
    row = SuitabilityAdvice.objects.of(city).get()
    assert (row.reason, row.decision) == ("not_insured", "stopped")
    assert "建议先不要" in row.words
    assert "还没有要投保的人" in browser.get(f"/{city.code}/enrol/").content.decode()


def test_who_disputes_the_advice_is_recorded_and_led_to_a_person(browser: Client, city: City, not_insured: str) -> None:
    page = browser.post(not_insured, {"decision": "disputed"}).content.decode()
    assert "核实后再来投保" in page
    assert SuitabilityAdvice.objects.of(city).get().decision == "disputed"


def test_advice_is_not_decided_for_anybody_by_an_empty_answer(browser: Client, city: City, not_insured: str) -> None:
    answer = browser.post(not_insured, {})
    assert answer.status_code == 422
    assert not SuitabilityAdvice.objects.of(city).exists()


def test_nobody_is_advised_to_stop_whom_the_plan_suits(browser: Client, city: City) -> None:
    me = Resident.objects.of(city).get(psn_no=WANG_FANG).pk
    assert browser.get(f"/{city.code}/enrol/advice/{me}/").status_code == 404
