"""Each kind of day on which people join, on both sides of its boundary, from the order to its policy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cast import WANG_FANG
from huimin.platform.catalogue.services import extend_window
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.actors import demonstration_actor
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from platform_support import Caller, a_bill, order_for
from servicing_support import day_is, policy_of

pytestmark = pytest.mark.django_db

OPEN = """[enrolment]
first_day = 2021-12-01
unknown = "The study gives the launch, 2021-12-01, and not the last day of the window."
"""
LATE = """[enrolment]
first_day = 2021-12-01
last_day = 2022-02-28
source = "study:period"

[[enrolment.late]]
when = {{ {who} }}
last_day = {last}
begins = "{begins}"
"""
WAITING = 'settings = ["inpatient", "special_outpatient"]\nwaiting = { days = 30, source = "study:L1" }\n'
NO_WAITING = 'settings = ["inpatient", "special_outpatient"]\n'


def joined(api: Caller, city: City, ordered: date, paid: date | None = None) -> Policy | str:
    """Wang Fang orders on one day and pays on that or another: her policy, or why there is none."""
    day_is(city, ordered)
    answer = api.post("channel-1", "/api/v1/orders", order_for(0))
    if answer.status_code not in (200, 201):
        return str(answer.json()["code"])
    placed = answer.json()
    day_is(city, paid or ordered)
    assert api.pay(placed["reference"], placed["total"]).content == b"success"
    assert verify_city(city).faults == []
    if Order.objects.of(city).get(reference=placed["reference"]).status != "issued":
        return "owed_back"
    return policy_of(city, 0)


def begins(found: Policy | str) -> date | str:
    return found.cover_from if isinstance(found, Policy) else found


@pytest.mark.parametrize(
    ("ordered", "paid", "expected"),
    [
        (date(2021, 11, 30), None, "not_eligible"),
        (date(2021, 12, 1), None, date(2022, 1, 1)),
        (date(2021, 12, 31), None, date(2022, 1, 1)),
        (date(2022, 1, 1), None, date(2022, 1, 2)),
        (date(2022, 2, 28), None, date(2022, 3, 1)),
        (date(2022, 2, 28), date(2022, 3, 1), "owed_back"),
        (date(2022, 3, 1), None, "not_eligible"),
    ],
)
def test_the_concentrated_window_opens_and_closes_with_its_days(
    api: Caller, city: City, ordered: date, paid: date | None, expected: date | str
) -> None:
    assert begins(joined(api, city, ordered, paid)) == expected


def test_whoever_joins_in_an_extension_joins_as_in_the_window_and_nobody_after_it(api: Caller, city: City) -> None:
    assert joined(api, city, date(2022, 3, 1)) == "not_eligible"
    extend_window(
        actor=demonstration_actor(city),
        plan_id="jiangsu/yihuibao-1/2022",
        last_day=date(2022, 3, 15),
        reason="市政府通知",
    )
    assert joined(api, city, date(2022, 3, 16)) == "not_eligible"
    assert begins(joined(api, city, date(2022, 3, 15))) == date(2022, 3, 16)


@pytest.mark.parametrize(
    ("years", "ordered", "expected"),
    [
        (1, date(2022, 3, 31), date(2022, 1, 1)),
        (1, date(2022, 4, 1), "not_eligible"),
        (0, date(2022, 3, 31), "not_eligible"),
    ],
)
def test_whoever_was_insured_before_has_days_of_grace_and_cover_from_the_first_day(
    api: Caller, city: City, sell: Any, years: int, ordered: date, expected: date | str
) -> None:
    sell("", OPEN, LATE.format(who="continuous_years_from = 1", last="2022-03-31", begins="first_day"))
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(continuous_years=years)
    assert begins(joined(api, city, ordered)) == expected


@pytest.mark.parametrize(
    ("born", "ordered", "expected"),
    [
        (date(2022, 4, 1), date(2022, 5, 10), date(2022, 5, 11)),
        (date(2021, 1, 2), date(2022, 5, 10), date(2022, 5, 11)),
        (date(2021, 1, 1), date(2022, 5, 10), "not_eligible"),
        (date(2022, 4, 1), date(2022, 12, 30), date(2022, 12, 31)),
        (date(2022, 4, 1), date(2022, 12, 31), "not_eligible"),
    ],
)
def test_a_newborn_joins_after_the_window_from_the_day_after_the_payment(
    api: Caller, city: City, sell: Any, born: date, ordered: date, expected: date | str
) -> None:
    sell("", OPEN, LATE.format(who="age_to = 0", last="2022-12-31", begins="next_day"))
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(birth_date=born)
    assert begins(joined(api, city, ordered)) == expected


@pytest.mark.parametrize(
    ("insutype", "ordered", "expected"),
    [
        ("390", date(2022, 5, 31), date(2022, 6, 1)),
        ("390", date(2022, 6, 1), date(2022, 7, 1)),
        ("310", date(2022, 5, 31), "not_eligible"),
    ],
)
def test_those_whom_the_terms_name_by_their_basic_insurance_join_late_from_the_next_month(
    api: Caller, city: City, sell: Any, insutype: str, ordered: date, expected: date | str
) -> None:
    sell("", OPEN, LATE.format(who='basic_insurance = "resident"', last="2022-12-31", begins="next_month"))
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(insutype=insutype)
    assert begins(joined(api, city, ordered)) == expected


@pytest.mark.parametrize(
    ("ordered", "expected"),
    [(date(2022, 2, 15), date(2022, 7, 1)), (date(2022, 2, 28), date(2022, 7, 1)), (date(2022, 3, 1), "not_eligible")],
)
def test_a_cover_year_may_begin_in_any_month(
    api: Caller, city: City, sell: Any, ordered: date, expected: date | str
) -> None:
    days = "first_day = 2022-01-01\nlast_day = 2022-12-31"
    sell("", days, "first_day = 2022-07-01\nlast_day = 2023-06-30")
    found = joined(api, city, ordered)
    assert begins(found) == expected
    if isinstance(found, Policy):
        assert found.cover_to == date(2023, 6, 30)


@pytest.mark.parametrize(("day", "pays"), [("2022-03-17", False), ("2022-03-18", True)])
def test_the_waiting_period_runs_from_the_first_day_of_the_persons_own_cover(
    api: Caller, city: City, sell: Any, day: str, pays: bool
) -> None:
    sell("", NO_WAITING, WAITING)
    found = joined(api, city, date(2022, 2, 15))
    assert begins(found) == date(2022, 2, 16)
    day_is(city, date(2022, 4, 20))
    bill = a_bill(f"W-{day}", day, 115_227_53, psn_no=WANG_FANG)
    answer = api.settle(bill).json()
    assert (answer["payable"] != "0.00") is pays
