"""What people pay and from when they are covered: by the terms, and shown before they pay."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from django.test import Client

from cast import FATHER, WANG_FANG
from huimin.adjudication import cover_begins, price_for
from huimin.errors import InputError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import terms_of
from huimin.platform.catalogue.services import publish_plan_year
from huimin.platform.demonstration.population import people
from huimin.platform.enrolment.models import OrderLine, Policy
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.models import AuditEvent, City, User
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.cases import open_cases
from huimin.platform.people.models import Resident
from huimin.platform.tasks.models import Task
from huimin.settlement import Member
from huimin.terms import find_plan, load_plan_text
from platform_support import EDITIONS, Caller, person

CHINA = timezone(timedelta(hours=8))
WINDOW = """[enrolment]
first_day = 2021-12-01
unknown = "The study gives the launch, 2021-12-01, and not the last day of the window."
"""
LATE = """[enrolment]
first_day = 2021-12-01
last_day = 2022-02-28
source = "study:period"

[[enrolment.late]]
when = { age_to = 17 }
last_day = 2022-12-31
begins = "next_month"
"""
CHEAPER_FOR_THE_YOUNG = """
[[premium.variants]]
when = { age_to = 17 }
yuan = "58.00"
source = "study:premium"
"""
HALF_FOR_THE_OLD = """
[[premium.parts]]
payer = "government"
percent = "33.33"
when = { age_from = 60 }
source = "study:premium"

[[premium.parts]]
payer = "donor"
yuan = "20.00"
when = { age_from = 60 }
source = "study:premium"
"""


def on(city: City, day: str) -> None:
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    city.refresh_from_db()
    forget_all()


def related(applicant: int, index: int) -> str:
    """What somebody may be to the applicant, by the birth dates."""
    first, other = (list(people(one + 1))[one] for one in (applicant, index))
    if index == applicant:
        return "self"
    return "child" if other.birth_date > first.birth_date else "parent"


def order(api: Caller, *named: int, **fields: str) -> Any:
    insured = [{**person(index), "relation": related(named[0], index), **fields} for index in named]
    return api.post(
        "channel-1", "/api/v1/orders", {"applicant": person(named[0]), "insured": insured, "terms_opened": True}
    )


def read(api: Caller, reference: str) -> Any:
    return api.get("channel-1", f"/api/v1/orders/{reference}").json()


def test_the_first_day_of_cover_stands_in_the_order_before_it_is_paid(api: Caller, city: City) -> None:
    for day, begins in (("2021-12-31", "2022-01-01"), ("2022-01-01", "2022-01-02"), ("2022-02-28", "2022-03-01")):
        on(city, day)
        placed = order(api, 0).json()
        (cover,) = placed["insured"]
        assert (cover["cover_from"], cover["cover_to"], cover["to_pay"]) == (begins, "2022-12-31", "158.00")
        assert read(api, placed["reference"])["insured"] == placed["insured"]
        assert placed["policies"] == []


def test_an_order_that_waits_says_from_when_it_would_cover_if_it_were_paid_today(api: Caller, city: City) -> None:
    placed = order(api, 0).json()
    on(city, "2022-02-20")
    assert read(api, placed["reference"])["insured"][0]["cover_from"] == "2022-02-21"
    on(city, "2022-03-01")
    (cover,) = read(api, placed["reference"])["insured"]
    assert (cover["cover_from"], cover["refused"]) == (None, "window_closed")


def test_each_pays_the_price_that_the_terms_give_them(api: Caller, city: City, sell: Any) -> None:
    sell(CHEAPER_FOR_THE_YOUNG)
    child = next(n for n in range(80) if price_of(city, n) == 58_00 and eligible(api, n))
    placed = order(api, 0, child).json()
    assert [cover["price"] for cover in placed["insured"]] == ["158.00", "58.00"]
    assert placed["total"] == "216.00"
    assert api.pay(placed["reference"], "216.00").content == b"success"
    policies = Policy.objects.of(city).filter(order_line__order__reference=placed["reference"]).order_by("pk")
    assert list(policies.values_list("price", flat=True)) == [158_00, 58_00]
    assert verify_city(city).faults == []


def test_all_prices_stand_where_the_plan_is_offered(api: Caller, city: City, sell: Any) -> None:
    sell(CHEAPER_FOR_THE_YOUNG)
    (other,) = api.get("channel-1", "/api/v1/plan").json()["other_prices"]
    assert "58" in other
    for address in ("", "plan/"):
        assert other in Client().get(f"/{city.code}/{address}").content.decode()


def price_of(city: City, index: int) -> int | None:
    """By the core, for a person of the demonstration."""
    plan = terms_of(PlanYear.objects.of(city).get()).plan
    return price_for(plan, member(index))


def member(index: int) -> Member:
    found = list(people(index + 1))[index]
    return Member("P", date(2022, 1, 1), date(2022, 12, 31), found.birth_date, found.sex, found.insutype)


def eligible(api: Caller, index: int) -> bool:
    return bool(api.post("channel-1", "/api/v1/eligibility", person(index)).json()["eligible"])


def test_what_others_pay_of_a_price_is_frozen_and_owed_by_them(api: Caller, city: City, sell: Any) -> None:
    sell(HALF_FOR_THE_OLD)
    before = balances(city)
    placed = order(api, 0, 1).json()
    # 33.33 % of 158.00 is 52.6614, and 20.00: the father is over 60, his daughter is not.
    assert [cover["to_pay"] for cover in placed["insured"]] == ["158.00", "85.34"]
    assert placed["insured"][1]["paid_by"] == [
        {"payer": "government", "amount": "52.66"},
        {"payer": "donor", "amount": "20.00"},
    ]
    assert placed["total"] == "243.34"
    api.pay(placed["reference"], "243.34")
    assert OrderLine.objects.of(city).get(insured__psn_no=FATHER).paid_by == {"government": 52_66, "donor": 20_00}
    after = balances(city)
    assert after["provider_clearing", "provider:sandbox"] - before["provider_clearing", "provider:sandbox"] == 243_34
    assert after["premium_receivable", "fund:government"] == 52_66
    assert after["premium_receivable", "fund:donor"] == 20_00
    shared = {party for account, party in after if account == "insurer_premium"}
    assert sum(before["insurer_premium", p] - after["insurer_premium", p] for p in shared) == 316_00
    assert verify_city(city).faults == []


def test_what_others_would_have_paid_for_somebody_without_cover_is_not_owed(api: Caller, city: City, sell: Any) -> None:
    sell(HALF_FOR_THE_OLD)
    first, second = order(api, 1).json(), order(api, 1).json()
    api.pay(first["reference"], "85.34")
    before = balances(city)
    api.pay(second["reference"], "85.34")
    after = balances(city)
    assert after["premium_receivable", "fund:government"] == before["premium_receivable", "fund:government"] == 52_66
    assert after["refund_payable", ""] == -85_34
    assert (read(api, second["reference"])["status"], read(api, second["reference"])["owed_back"]) == (
        "refund_due",
        "85.34",
    )
    assert verify_city(city).faults == []


def test_a_plan_with_editions_asks_which_and_charges_for_it(api: Caller, city: City, sell: Any) -> None:
    sell(EDITIONS)
    assert order(api, 0).json()["code"] == "not_eligible"
    assert "edition_unknown" in order(api, 0, edition="gold").json()["detail"]
    placed = order(api, 0, edition="plus").json()
    assert (placed["total"], placed["insured"][0]["edition"]) == ("258.00", "plus")
    api.pay(placed["reference"], "258.00")
    policy = Policy.objects.of(city).get(insured__psn_no=WANG_FANG)
    assert (policy.edition, policy.member().edition, policy.price) == ("plus", "plus", 258_00)


def test_a_plan_without_editions_knows_none(api: Caller, city: City) -> None:
    assert "edition_unknown" in order(api, 0, edition="plus").json()["detail"]
    assert order(api, 0, edition="").status_code == 200


def test_after_the_window_those_may_join_whom_the_terms_name_from_the_day_they_name(
    api: Caller, city: City, sell: Any
) -> None:
    sell(old=WINDOW, new=LATE)
    on(city, "2022-04-10")
    child = next(n for n in range(80) if member(n).birth_date > date(2005, 1, 1) and eligible(api, n))
    assert order(api, 0).json()["detail"] == "not everybody named may join: window_closed"
    placed = order(api, child).json()
    assert placed["insured"][0]["cover_from"] == "2022-05-01"
    assert "符合条件的人员仍可补投保" in Client().get(f"/{city.code}/").content.decode()
    on(city, "2022-12-01")
    assert api.post("channel-1", "/api/v1/eligibility", person(child)).json()["reasons"] == ["cover_over"]


def test_a_notice_that_comes_late_covers_from_the_day_after_the_payment(api: Caller, city: City) -> None:
    """Paid on 16 February, told of on 20 April, long after the window: the terms go by the day of paying."""
    placed = order(api, 0).json()
    on(city, "2022-04-20")
    paid = datetime(2022, 2, 16, 23, 59, tzinfo=CHINA).isoformat()
    api.pay(placed["reference"], "158.00", paid_at=paid)
    (policy,) = read(api, placed["reference"])["policies"]
    assert policy == {"number": policy["number"], "cover_from": "2022-02-17", "cover_to": "2022-12-31"}
    assert verify_city(city).faults == []


def test_the_day_of_paying_is_the_citys_whatever_zone_the_provider_writes(api: Caller, city: City) -> None:
    placed = order(api, 0).json()
    on(city, "2022-04-20")
    api.pay(placed["reference"], "158.00", paid_at="2022-02-16T16:30:00Z")  # half past midnight on the 17th
    assert read(api, placed["reference"])["policies"][0]["cover_from"] == "2022-02-18"


@pytest.mark.parametrize("paid_at", ["2022-02-14T12:00:00+08:00", "2026-01-01T12:00:00+08:00"])
def test_a_time_before_the_order_or_after_the_notice_is_not_believed(paid_at: str, api: Caller, city: City) -> None:
    placed = order(api, 0).json()
    on(city, "2022-02-20")
    api.pay(placed["reference"], "158.00", paid_at=paid_at)
    assert read(api, placed["reference"])["policies"][0]["cover_from"] == "2022-02-21"


@pytest.mark.parametrize(
    ("day", "reason"), [("2022-03-01", "window_closed"), ("2023-01-05", "window_closed"), ("2022-12-31", "cover_over")]
)
def test_paid_when_nobody_can_join_any_more_the_money_is_owed_back(
    day: str, reason: str, api: Caller, city: City
) -> None:
    placed, before, policies = order(api, 0, 1).json(), balances(city), Policy.objects.of(city).count()
    if reason == "cover_over":
        PlanYear.objects.of(city).update(window_last_day=date(2022, 12, 31))
    on(city, day)
    assert api.pay(placed["reference"], "316.00").content == b"success"
    assert Policy.objects.of(city).count() == policies
    after = balances(city)
    assert after["refund_payable", ""] == -316_00
    assert after["provider_clearing", "provider:sandbox"] - before["provider_clearing", "provider:sandbox"] == 316_00
    answer = read(api, placed["reference"])
    assert (answer["status"], answer["owed_back"], answer["policies"]) == ("refund_due", "316.00", [])
    assert [cover["refused"] for cover in answer["insured"]] == [reason, reason]
    (case,) = open_cases(city, 1)
    assert (case.kind, case.amount) == ("no_cover", 316_00)
    assert AuditEvent.objects.of(city).get(action="premium_owed_back").detail == {"amount": 316_00, reason: 2}
    assert Task.objects.of(city).filter(kind="notice", finished_at=None).count() == 1
    assert verify_city(city).faults == []


def test_one_day_before_the_window_closes_it_still_covers(api: Caller, city: City) -> None:
    placed = order(api, 0).json()
    on(city, "2022-02-28")
    api.pay(placed["reference"], "158.00")
    assert read(api, placed["reference"])["policies"][0]["cover_from"] == "2022-03-01"


@pytest.mark.parametrize(
    ("column", "day"), [("cover_to", "2021-12-31"), ("cover_to", "2023-01-01"), ("cover_from", "2022-01-01")]
)
def test_verification_finds_a_policy_whose_days_are_not_the_terms(
    column: str, day: str, api: Caller, city: City
) -> None:
    placed = order(api, 0).json()
    api.pay(placed["reference"], "158.00")
    assert verify_city(city).faults == []
    number = read(api, placed["reference"])["policies"][0]["number"]
    Policy.objects.of(city).filter(number=number).update(**{column: day})
    assert any(fault.startswith(f"policy:{number}") for fault in verify_city(city).faults)


def test_plans_with_several_prices_are_for_sale_and_one_without_a_price_is_not(city: City) -> None:
    plan_year = PlanYear.objects.of(city).get()
    plan = load_plan_text(plan_year.plan_text + CHEAPER_FOR_THE_YOUNG, plan_year.sources_text)
    published = publish_plan_year(
        plan_text=plan_year.plan_text + CHEAPER_FOR_THE_YOUNG,
        sources_text=plan_year.sources_text,
        window_first_day=date(2021, 12, 1),
        window_last_day=date(2022, 2, 28),
        actor=command_actor(city),
    )
    assert published.plan_digest == plan.digest


def test_cover_never_begins_after_the_year_has_ended() -> None:
    """The core refuses it for everybody who asks."""
    plan = find_plan("jiangsu/yihuibao-1/2022").plan
    window = (date(2021, 12, 1), date(2022, 12, 31))
    assert cover_begins(plan, member(0), date(2022, 12, 30), window) == date(2022, 12, 31)
    with pytest.raises(InputError, match="cover year ends on 2022-12-31") as refused:
        cover_begins(plan, member(0), date(2022, 12, 31), window)
    assert refused.value.code == "cover_over"


def test_a_handler_sees_money_that_does_not_fit(api: Caller, city: City, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    api.pay("nothing-of-ours", "158.00")
    browser = Client()
    browser.force_login(User.objects.get(username="handler"), backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get("/staff/payments/")
    assert page.status_code == 200
    assert "来款找不到订单" in page.content.decode()
    (case,) = open_cases(city, 1)
    browser.post(f"/staff/payments/{case.id}/close/", {"note": "已原路退回"})
    assert not open_cases(city, 1).rows


def as_wang_fang(city: City) -> Client:
    browser = Client()
    session = browser.session
    session["resident_id"] = [city.code, Resident.objects.of(city).get(psn_no=WANG_FANG).pk]
    session.save()
    return browser


def test_the_page_before_paying_says_the_first_day_of_cover_and_each_price(api: Caller, city: City, sell: Any) -> None:
    sell(CHEAPER_FOR_THE_YOUNG)
    browser = as_wang_fang(city)
    browser.post(f"/{city.code}/enrol/add/", {**person(3), "relation": "child"})
    for address in ("enrol/", "enrol/pay/"):
        text = browser.get(f"/{city.code}/{address}").content.decode()
        assert "保障自 2022年2月16日 起" in text
        assert "¥58.00" in text
        assert "¥216.00" in text


def test_after_the_window_the_page_before_paying_leads_back_and_says_that_it_is_over(city: City) -> None:
    browser = as_wang_fang(city)
    on(city, "2022-03-01")
    page = browser.get(f"/{city.code}/enrol/pay/", follow=True)
    assert page.redirect_chain == [(f"/{city.code}/enrol/", 302)]
    assert "本期投保已于" in page.content.decode()
    answer = browser.post(f"/{city.code}/enrol/terms/")
    answer = browser.post(f"/{city.code}/enrol/pay/", {"consent": "yes"})
    assert "现在不在集中投保期内" in answer.content.decode()


def test_on_the_page_one_chooses_the_edition_of_each_person(city: City, sell: Any) -> None:
    sell(EDITIONS)
    browser, wang = as_wang_fang(city), Resident.objects.of(city).get(psn_no=WANG_FANG)
    assert "请先选择投保的版本" in browser.get(f"/{city.code}/enrol/").content.decode()
    browser.post(f"/{city.code}/enrol/edition/{wang.pk}/", {"edition": "gold"})
    assert "请先选择投保的版本" in browser.get(f"/{city.code}/enrol/").content.decode()
    browser.post(f"/{city.code}/enrol/edition/{wang.pk}/", {"edition": "plus"})
    assert "¥258.00" in browser.get(f"/{city.code}/enrol/pay/").content.decode()


def test_the_order_page_says_that_the_money_comes_back(api: Caller, city: City) -> None:
    placed = order(api, 0).json()
    on(city, "2022-03-01")
    api.pay(placed["reference"], "158.00")
    text = as_wang_fang(city).get(f"/{city.code}/orders/{placed['reference']}/").content.decode()
    assert "未出具保单" in text
    assert "¥158.00" in text


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({**person(1), "relation": "child"}, "relation", "子女应比父母年轻"),
        ({**person(3), "relation": "child", "name": "13800138000"}, "name", "不要填写电话号码"),
        ({**person(0), "relation": "spouse"}, "id_number", "本"),
    ],
)
def test_what_is_no_family_and_no_name_is_refused_beside_its_field(
    city: City, fields: dict[str, str], field: str, sentence: str
) -> None:
    answer = as_wang_fang(city).post(f"/{city.code}/enrol/add/", fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', text)
    assert sentence in text
