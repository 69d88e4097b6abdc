"""What selling, joining and showing who one is refuse: each refusal by its code, and the nearest that is taken."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from acting import acting, themself
from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import PlanYearFacts, plan_on_sale
from huimin.platform.catalogue.services import publish_plan_year
from huimin.platform.enrolment.eligibility import check_eligibility
from huimin.platform.enrolment.models import Order, OrderLine
from huimin.platform.enrolment.services import EnrolmentError, PlacedOrder, place_order
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.services import set_demonstration_day
from huimin.platform.people.models import IdentityCheck, Resident
from huimin.platform.people.services import IdentityError, check_code, send_code
from huimin.platform.tasks.models import Task
from platform_support import person, resident

DAY = date(2022, 1, 1)


def on_sale(city: City) -> PlanYearFacts:
    found = plan_on_sale(city)
    assert found is not None
    return found


def placed(city: City, people: list[Resident]) -> PlacedOrder:
    applicant = resident(city)
    return place_order(
        actor=themself(applicant),
        plan_year=on_sale(city),
        applicant=applicant,
        insured=[(one, Relation.CHILD) for one in people],
        terms_opened_now=True,
    )


def who_may_join(city: City) -> list[Resident]:
    """Those who may, and are young enough to be children of whoever applies."""
    residents = list(Resident.objects.of(city).order_by("pk"))
    found = check_eligibility(city=city, plan_year=on_sale(city), residents=residents)
    born = resident(city).birth_date
    return [one for one in residents if found[one.pk].eligible and one.birth_date > born]


def refused_order(city: City, people: list[Resident]) -> str:
    before = Order.objects.of(city).count(), OrderLine.objects.of(city).count()
    with pytest.raises(EnrolmentError) as refused:
        placed(city, people)
    assert (Order.objects.of(city).count(), OrderLine.objects.of(city).count()) == before
    return refused.value.code


def test_an_order_for_nobody_is_refused(city: City) -> None:
    assert refused_order(city, []) == "nobody_insured"


def test_an_order_names_ten_people_at_most(city: City) -> None:
    people = who_may_join(city)
    assert refused_order(city, people[:11]) == "too_many_people"
    found = placed(city, people[:10])
    order = Order.objects.of(city).order_by("pk").last()
    assert order is not None
    assert (order.lines.count(), found.total, order.payment.amount) == (10, 10 * 158_00, 10 * 158_00)


def test_whoever_has_another_basic_insurance_may_not_join(city: City) -> None:
    wang = resident(city)
    year = on_sale(city)
    for code, reasons in (("310", ()), ("390", ()), ("320", ("other_basic_insurance",))):
        wang.insutype = code
        assert check_eligibility(city=city, plan_year=year, residents=[wang])[wang.pk].reasons == reasons


def test_every_reason_against_a_person_is_told(city: City) -> None:
    wang = resident(city)
    wang.insutype, wang.insured = "320", False
    City.objects.filter(pk=city.pk).update(demonstration_day=date(2022, 3, 1))
    city.refresh_from_db()
    found = check_eligibility(city=city, plan_year=on_sale(city), residents=[wang])[wang.pk]
    assert found.reasons == ("window_closed", "not_insured", "other_basic_insurance")
    assert (found.eligible, found.offer) == (False, None)


def published(city: City, *, old: str = "", new: str = "", first: date = DAY, last: date = DAY) -> PlanYearFacts:
    """The demonstration's plan for another year, changed in one place."""
    sold = PlanYear.objects.of(city).order_by("pk")[0]
    text = sold.plan_text.replace("yihuibao-1/2022", "yihuibao-1/2029")
    assert old in text
    return publish_plan_year(
        plan_text=text.replace(old, new, 1) if old else text,
        sources_text=sold.sources_text,
        window_first_day=first,
        window_last_day=last,
        actor=command_actor(city),
    )


def test_a_window_may_be_one_day_and_does_not_end_before_it_begins(city: City) -> None:
    with pytest.raises(HuiminError) as refused:
        published(city, last=DAY - timedelta(days=1))
    assert refused.value.code == "bad_window"
    year = published(city)
    assert (year.window_first_day, year.window_last_day) == (DAY, DAY)


def test_a_plan_whose_price_is_not_known_is_not_for_sale(city: City) -> None:
    with pytest.raises(HuiminError) as refused:
        published(city, old='yuan = "158.00"', new='unknown = "not published"')
    assert (refused.value.code, "price" in refused.value.message) == ("not_for_sale", True)


def test_a_plan_with_a_limit_that_is_not_known_is_not_for_sale(city: City) -> None:
    with pytest.raises(HuiminError) as refused:
        published(city, old='per = "year", yuan = "1000000.00"', new='per = "year", unknown = "not published"')
    assert (refused.value.code, "limit" in refused.value.message) == ("not_for_sale", True)


@pytest.fixture
def check(city: City) -> IdentityCheck:
    """A code is on its way to Wang Fang."""
    return IdentityCheck.objects.get(pk=send_code(city=city, **person(0)))


def code_sent(check: IdentityCheck) -> str:
    message = Task.objects.of_every_city().get(kind="message", key=f"identity-{check.pk}")
    return str(json.loads(message.payload)["code"])


def tried(city: City, check: IdentityCheck, code: str, **more: str) -> str:
    """The code of the refusal; "" where the code was taken."""
    try:
        check_code(city=city, check_id=check.pk, code=code, **more)
    except IdentityError as refused:
        return refused.code
    return ""


def another_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_is_taken_after_four_wrong_attempts_and_no_longer_after_five(city: City, check: IdentityCheck) -> None:
    sent = code_sent(check)
    assert [tried(city, check, another_than(sent)) for _ in range(4)] == ["wrong_code"] * 4
    assert tried(city, check, f" {sent} ") == ""
    second = IdentityCheck.objects.get(pk=send_code(city=city, **person(1)))
    sent = code_sent(second)
    assert [tried(city, second, another_than(sent)) for _ in range(5)] == ["wrong_code"] * 5
    assert tried(city, second, sent) == "code_expired"


def test_a_code_works_once(city: City, check: IdentityCheck) -> None:
    sent = code_sent(check)
    assert tried(city, check, sent) == ""
    assert tried(city, check, sent) == "code_expired"


def test_a_code_works_for_ten_minutes(city: City, check: IdentityCheck, monkeypatch: Any) -> None:
    begun, later = check.created_at, timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: begun + later)
    assert tried(city, check, code_sent(check)) == "code_expired"
    monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(minutes=10))
    assert tried(city, check, code_sent(check)) == ""


def test_a_code_for_one_purpose_is_none_for_another(city: City, check: IdentityCheck) -> None:
    assert tried(city, check, code_sent(check), purpose="another") == "code_expired"


def test_the_bureaus_number_of_a_person_is_not_their_id_number(city: City) -> None:
    wang = resident(city)
    wang.psn_no = person(0)["id_number"]
    with pytest.raises(HuiminError) as refused:
        wang.save()
    assert refused.value.code == "not_a_bureau_number"
    assert person(0)["id_number"] not in refused.value.message


def test_only_a_demonstration_city_has_a_calendar_that_can_be_moved(city: City) -> None:
    set_demonstration_day(actor=acting(city, "admin"), day=date(2022, 2, 16))
    city.refresh_from_db()
    assert city.demonstration_day == date(2022, 2, 16)
    real = City.objects.create(code="real", name_zh="真", name_en="Real")
    with pytest.raises(HuiminError) as refused:
        set_demonstration_day(actor=replace(acting(city, "admin"), city=real), day=date(2022, 2, 16))
    assert refused.value.code == "not_a_demonstration"
    real.refresh_from_db()
    assert real.demonstration_day is None
