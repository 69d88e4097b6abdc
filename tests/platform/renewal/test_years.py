"""Continuous and claim-free years: counted from policies and bills, read by each order, frozen on each policy."""

from __future__ import annotations

from datetime import date

import pytest

from cast import WANG_FANG
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.enrolment.eligibility import check_eligibility
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.renewal.years.counting import count_again
from huimin.platform.renewal.years.reading import YearsOfPerson, years_of_people
from platform_support import Caller, a_bill, order_for, resident
from renewal_support import covered_last_year, day_is, last_year
from work_support import work_off

pytestmark = pytest.mark.django_db
CHEAPER = """
[[premium.variants]]
when = { continuous_years_from = 1 }
yuan = "138.00"
source = "study:premium"
"""


def years(city: City, person: Resident) -> YearsOfPerson:
    return years_of_people(city, [person.pk])[person.pk]


def joins(api: Caller, city: City, index: int = 0) -> Policy:
    """The index-th resident orders the year that is on sale, and pays."""
    order = api.post("channel-1", "/api/v1/orders", order_for(index)).json()
    assert api.pay(order["reference"], order["total"]).content == b"success"
    found: Policy = Policy.objects.of(city).get(order_line__order__reference=order["reference"])
    return found


def price_today(city: City, person: Resident) -> int:
    (facts,) = persons_by_id(city, [person.pk]).values()
    year = PlanYear.objects.of(city).get(plan_id="jiangsu/yihuibao-1/2022")
    from huimin.platform.catalogue.selectors import plan_year_facts

    found = check_eligibility(city=city, plan_year=plan_year_facts(year), residents=[facts])[facts.id]
    assert found.offer is not None
    return found.offer.price


def test_a_year_with_us_is_carried_over_into_the_next_policy(api: Caller, city: City) -> None:
    person = covered_last_year(city).insured
    assert count_again(city, [person.pk]) == 1
    policy = joins(api, city)
    assert (policy.continuous_years, policy.claim_free_years) == (1, 1)


def test_whoever_had_no_year_carries_nothing_over(api: Caller, city: City) -> None:
    last_year(city)
    policy = joins(api, city)
    assert (policy.continuous_years, policy.claim_free_years) == (0, 0)


def test_a_year_on_which_something_was_paid_is_continuous_and_not_claim_free(api: Caller, city: City) -> None:
    policy = covered_last_year(city)
    day_is(city, date(2021, 6, 2))
    api.settle(a_bill("C1", "2021-06-01 10:00:00", 3_000_000, psn_no=policy.psn_no))
    day_is(city, date(2022, 2, 15))
    count_again(city, [policy.insured_id])
    renewed = joins(api, city)
    assert (renewed.continuous_years, renewed.claim_free_years) == (1, 0)


def test_a_bill_below_the_deductible_leaves_the_year_claim_free(api: Caller, city: City) -> None:
    policy = covered_last_year(city)
    day_is(city, date(2021, 6, 2))
    api.settle(a_bill("C1", "2021-06-01 10:00:00", 1_200_000, psn_no=policy.psn_no))
    day_is(city, date(2022, 2, 15))
    count_again(city, [policy.insured_id])
    assert joins(api, city).claim_free_years == 1


def test_the_nightly_count_writes_what_the_services_would(api: Caller, city: City) -> None:
    person = covered_last_year(city).insured
    from huimin.platform.tasks.services import enqueue

    enqueue(city=city, kind="count_years", key="tonight")
    work_off()
    person.refresh_from_db()
    assert person.insured_years == [["2021-01-01", "2021-12-31", 1]]
    assert count_again(city, [person.pk]) == 0


def test_a_price_for_those_who_stay_reaches_the_order(city: City) -> None:
    person = covered_last_year(city).insured
    year = PlanYear.objects.of(city).get(plan_id="jiangsu/yihuibao-1/2022")
    from huimin.terms import load_plan_text

    text = year.plan_text + CHEAPER
    PlanYear.objects.of(city).filter(pk=year.pk).update(
        plan_text=text, plan_digest=load_plan_text(text, year.sources_text).digest
    )
    forget_all()
    assert price_today(city, person) == 158_00
    count_again(city, [person.pk])
    assert price_today(city, person) == 138_00


def test_a_policy_that_was_given_up_before_its_end_breaks_the_row_of_years(city: City) -> None:
    policy = covered_last_year(city)
    Policy.objects.of(city).filter(pk=policy.pk).update(ended_on=date(2021, 12, 31))
    assert years(city, policy.insured).continuous_years == 0
    Policy.objects.of(city).filter(pk=policy.pk).update(ended_on=policy.cover_from)
    assert years(city, policy.insured).years == ()


def test_whoever_joined_late_in_the_window_had_the_whole_year(city: City) -> None:
    policy = covered_last_year(city, paid_on=date(2021, 2, 28))
    assert policy.cover_from == date(2021, 3, 1)
    (only,) = years(city, policy.insured).years
    assert only[0].year.first_day == date(2021, 1, 1)


def test_the_page_of_policies_says_what_is_carried_over_and_from_where(api: Caller, city: City) -> None:
    from platform_support import signed_in

    policy = covered_last_year(city)
    count_again(city, [policy.insured_id])
    joins(api, city)
    html = signed_in(resident(city, WANG_FANG)).get(f"/{city.code}/policies/").content.decode()
    assert "此前连续参保 1 年，其中连续未理赔 1 年" in html
    assert policy.number in html
