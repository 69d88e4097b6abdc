"""Who has cover in another plan for the same days: the payer is told before paying, and the terms may refuse it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from cast import WANG_FANG
from disclosure_support import have_read
from door_support import ACCOUNT_HOLDER, Played, played
from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_year_by_id
from huimin.platform.catalogue.services import publish_plan_year
from huimin.platform.enrolment.eligibility import check_eligibility
from huimin.platform.enrolment.elsewhere import people_told_twice
from huimin.platform.enrolment.models import Order, OrderStatus, OtherCoverTold, Policy
from huimin.platform.enrolment.offers import overlap
from huimin.platform.foundation.actors import demonstration_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.gateways.bureau_http import _other_plan
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import named_persons
from huimin.platform.tasks.kinds import Lane
from platform_support import Caller, logged_in, order_for, person, resident, signed_in
from refunds_support import an_order
from servicing_support import with_terms
from work_support import work_off

pytestmark = pytest.mark.django_db
NEXT_CITY = ["邻市惠民保", "2022-01-01", "2022-12-31"]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ((date(2021, 1, 1), date(2021, 12, 31)), False),
        ((date(2021, 1, 1), date(2022, 1, 1)), True),
        ((date(2022, 12, 31), date(2023, 12, 30)), True),
        ((date(2023, 1, 1), date(2023, 12, 31)), False),
    ],
)
def test_two_covers_are_double_where_a_day_is_in_both(other: tuple[date, date], same: bool) -> None:
    year = (date(2022, 1, 1), date(2022, 12, 31))
    assert overlap(year, other) is overlap(other, year) is same


def told(city: City, *covers: list[str]) -> None:
    """The bureau told that Wang Fang has these elsewhere."""
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(other_cover=list(covers))


def eligibility(city: City) -> Any:
    year = PlanYear.objects.of(city).latest("pk")
    wang = named_persons(city, [resident(city).pk])[resident(city).pk]
    found = check_eligibility(city=city, plan_year=plan_year_by_id(city, year.pk), residents=[wang])
    return found[wang.id]


def test_cover_that_the_bureau_told_of_is_shown_beside_the_person_before_paying(city: City) -> None:
    told(city, NEXT_CITY)
    browser = signed_in(resident(city))
    assert "邻市惠民保" in browser.get("/demo/enrol/").content.decode()
    have_read(city, resident(city))
    assert "同一张账单不会赔两次" in browser.get("/demo/enrol/pay/").content.decode()


def test_cover_of_other_days_is_not_spoken_of(city: City) -> None:
    told(city, ["邻市惠民保", "2021-01-01", "2021-12-31"])
    assert eligibility(city).offer.other_cover == ()
    assert "邻市惠民保" not in signed_in(resident(city)).get("/demo/enrol/").content.decode()


def test_an_order_is_taken_all_the_same_where_the_terms_are_silent_and_what_was_told_is_kept(
    city: City, api: Caller
) -> None:
    told(city, NEXT_CITY)
    asked = {**person(0), "edition": ""}
    said = api.post("channel-1", "/api/v1/eligibility", asked).json()
    assert said["eligible"]
    assert said["other_cover"] == [{"plan": "邻市惠民保", "first_day": "2022-01-01", "last_day": "2022-12-31"}]
    order = an_order(api, 0)
    (row,) = OtherCoverTold.objects.of(city)
    assert (row.plan, row.order.reference, row.resident) == ("邻市惠民保", order["reference"], resident(city))
    assert api.pay(order["reference"], "158.00").content == b"success"
    (listed,) = people_told_twice(city, 1).rows
    assert listed.policy == Policy.objects.of(city).latest("pk").number


def test_an_order_of_nobody_with_other_cover_keeps_nothing(city: City, api: Caller) -> None:
    an_order(api, 0)
    assert not OtherCoverTold.objects.of(city).exists()


def test_terms_that_refuse_it_refuse_the_order_and_say_why(city: City, api: Caller) -> None:
    with_terms(city, 'other_cover = "refused"', before='region = "320000"')
    told(city, NEXT_CITY)
    assert eligibility(city).reasons == ("covered_elsewhere",)
    answer = api.post("channel-1", "/api/v1/orders", order_for(0))
    assert answer.json()["code"] == "not_eligible"
    assert "条款规定" in signed_in(resident(city)).get("/demo/enrol/").content.decode()
    told(city)
    assert eligibility(city).reasons == ()


def test_a_policy_of_another_plan_of_the_city_counts_with_its_number(city: City, api: Caller) -> None:
    order = an_order(api, 0)
    assert api.pay(order["reference"], "158.00").content == b"success"
    first = PlanYear.objects.of(city).get()
    publish_plan_year(
        actor=demonstration_actor(city),
        plan_text=first.plan_text.replace("yihuibao-1/2022", "yihuibao-2/2022", 1),
        sources_text=first.sources_text,
        window_first_day=first.window_first_day,
        window_last_day=first.window_last_day,
    )
    forget_all()
    found = eligibility(city)
    number = Policy.objects.of(city).latest("pk").number
    assert found.reasons == ()
    assert [one.number for one in found.offer.other_cover] == [number]
    Policy.objects.of(city).filter(number=number).update(ended_on=date(2022, 2, 16))
    assert eligibility(city).offer.other_cover == ()


class TestTheBureau:
    """It is asked when somebody was not confirmed for a day."""

    @pytest.fixture
    def sandbox(self, settings: Any, city: City) -> Iterator[Played]:
        with played(settings) as found:
            wang = resident(city)
            known = {**ACCOUNT_HOLDER, "id_number": wang.id_number, "name": wang.name, "psn_no": wang.psn_no}
            first, last = NEXT_CITY[1:]
            known["covers"] = [{"plan": "邻市惠民保", "first": first, "last": last}]
            found.sandbox.bureau.register(known)
            yield found

    def asked(self, city: City, api: Caller) -> Order:
        Resident.objects.of(city).update(confirmed_at=None)
        order = an_order(api, 0)
        assert Order.objects.of(city).get(reference=order["reference"]).status == OrderStatus.ASKING
        work_off(Lane.ORDERS)
        return Order.objects.of(city).get(reference=order["reference"])

    def test_what_it_tells_is_on_the_orders_page_before_anything_is_paid(
        self, city: City, api: Caller, sandbox: Played
    ) -> None:
        order = self.asked(city, api)
        assert order.status == OrderStatus.WAITING
        assert resident(city).other_cover == [NEXT_CITY]
        page = signed_in(resident(city)).get(f"/demo/orders/{order.reference}/").content.decode()
        assert "邻市惠民保" in page
        assert OtherCoverTold.objects.of(city).count() == 1

    def test_where_the_terms_refuse_it_the_order_ends_before_anything_is_paid(
        self, city: City, api: Caller, sandbox: Played
    ) -> None:
        with_terms(city, 'other_cover = "refused"', before='region = "320000"')
        order = self.asked(city, api)
        assert order.status == OrderStatus.REFUSED
        assert order.payment_id is None
        assert order.lines.get().refund_reason == "covered_elsewhere"


def test_staff_see_the_list_by_numbers_and_residents_do_not(city: City, api: Caller, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    told(city, NEXT_CITY)
    an_order(api, 0)
    answer = logged_in("handler").get("/staff/other-cover/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "邻市惠民保" in page
    assert resident(city).name not in page
    assert logged_in("insurer").get("/staff/other-cover/").status_code == 403


def test_a_cover_that_ends_before_it_begins_is_no_answer_of_a_bureau() -> None:
    with pytest.raises(HuiminError):
        _other_plan({"plan": "x", "first": "2022-01-02", "last": "2022-01-01"})
    assert _other_plan({"plan": " 邻市 ", "first": "2022-01-01", "last": "2022-01-01"}).plan == "邻市"
