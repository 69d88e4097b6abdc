"""Orders that ask the bureau first: what is kept of its answer, and what happens while it is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import FATHER, WANG_FANG
from door_support import Played, played
from huimin.platform.demonstration.bureau_register import entries
from huimin.platform.enrolment.bureau.consenting import is_ward
from huimin.platform.enrolment.bureau.models import BureauFact, HealthRecord
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.models import City, Exchange
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import Payment
from huimin.platform.people.models import Consent, Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.tasks.kinds import Lane
from huimin.platform.tasks.models import Task
from platform_support import Caller, person, resident
from work_support import due_now, work_off

ENDED = {"insutype": "310", "area": "329901", "first": "2016-01-01", "last": "2021-08-31"}


@pytest.fixture
def bureau(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        for entry in entries(20):
            found.sandbox.bureau.register(entry)
        yield found


@pytest.fixture
def never_asked(city: City) -> None:
    """Nobody in the register was confirmed yet."""
    Resident.objects.of(city).update(confirmed_at=None)


def order(api: Caller, *people: int, consent: bool = True, key: str | None = None) -> Any:
    insured = [
        {**person(index), "relation": "self" if index == people[0] else "parent", "history_consent": consent}
        for index in people
    ]
    body = {"applicant": person(people[0]), "insured": insured, "terms_opened": True}
    return api.post("channel-1", "/api/v1/orders", body, key=key).json()


def read(api: Caller, placed: Any) -> Any:
    return api.get("channel-1", f"/api/v1/orders/{placed['reference']}").json()


def told(city: City) -> list[str]:
    return sorted(task.key.split("-")[0] for task in Task.objects.of(city).filter(kind="notice", finished_at=None))


def registered(bureau: Played, index: int, **changes: Any) -> None:
    """The bureau has this person otherwise."""
    bureau.sandbox.bureau.register({**list(entries(20))[index], **changes})


def test_an_order_of_people_confirmed_today_is_payable_at_once_and_asks_nobody(api: Caller, city: City) -> None:
    placed = order(api, 0, 1)
    assert (placed["status"], bool(placed["pay_at"])) == ("waiting", True)
    assert not Task.objects.of(city).filter(kind="ask_bureau").exists()


@pytest.mark.parametrize(("hours", "status"), [(23, "waiting"), (25, "asking")])
def test_what_the_bureau_said_holds_for_a_day(api: Caller, city: City, hours: int, status: str) -> None:
    Resident.objects.of(city).update(confirmed_at=timezone.now() - timedelta(hours=hours))
    assert order(api, 0)["status"] == status


def test_an_order_that_asks_cannot_be_paid_until_the_bureau_has_answered_and_then_is_as_any_other(
    api: Caller, city: City, bureau: Played, never_asked: None
) -> None:
    placed = order(api, 0, 1)
    assert (placed["status"], placed["pay_at"], placed["total"]) == ("asking", "", "316.00")
    assert not Payment.objects.of(city).filter(reference=placed["reference"]).exists()
    assert work_off(Lane.ORDERS) == 1
    after = read(api, placed)
    assert (after["status"], bool(after["pay_at"]), after["total"]) == ("waiting", True, "316.00")
    assert told(city) == ["payable"]
    api.pay(placed["reference"], "316.00")
    assert read(api, placed)["status"] == "issued"
    assert verify_city(city).faults == []


def test_the_answer_is_kept_as_evidence_and_confirms_the_register(
    api: Caller, city: City, bureau: Played, never_asked: None
) -> None:
    order(api, 0, 1)
    work_off(Lane.ORDERS)
    facts = BureauFact.objects.of(city).order_by("pk")
    assert [(fact.match, fact.insutype, fact.history_asked) for fact in facts] == [
        ("found", resident(city, WANG_FANG).insutype, True),
        ("found", resident(city, FATHER).insutype, True),
    ]
    assert all(resident(city, one).confirmed_at is not None for one in (WANG_FANG, FATHER))
    assert order(api, 0, key="again")["status"] == "waiting"


def test_another_order_for_the_same_people_asks_nothing_twice(
    api: Caller, city: City, bureau: Played, never_asked: None
) -> None:
    order(api, 0, key="a"), order(api, 0, key="b")
    work_off(Lane.ORDERS)
    assert Exchange.objects.of(city).filter(operation="find_person").count() == 1
    assert set(Order.objects.of(city).filter(channel="channel-1").order_by("-pk")[:2].values_list("status")) == {
        ("waiting",)
    }


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "李芳"}, "name_differs_at_bureau"),
        ({"id_number": "11010519491231002X"}, "not_known_to_bureau"),
        (
            {"spells": [{"insutype": "310", "area": "329901", "first": "2016-01-01", "last": "2021-08-31"}]},
            "not_insured",
        ),
    ],
)
def test_somebody_whom_the_bureau_has_otherwise_is_refused_beside_their_name_and_nothing_is_charged(
    api: Caller, city: City, bureau: Played, never_asked: None, changes: dict[str, Any], reason: str
) -> None:
    if "id_number" in changes:
        bureau.sandbox.bureau._by_id.pop(list(entries(20))[1]["id_number"])
    else:
        registered(bureau, 1, **changes)
    placed = order(api, 0, 1)
    work_off(Lane.ORDERS)
    after = read(api, placed)
    assert (after["status"], after["pay_at"]) == ("refused", "")
    assert [one["refused"] for one in after["insured"]] == ["", reason]
    assert not Payment.objects.of(city).filter(reference=placed["reference"]).exists()
    assert told(city) == ["refused"]


def test_a_kind_of_basic_insurance_that_changes_the_price_is_shown_before_anything_is_paid(
    api: Caller, city: City, bureau: Played, never_asked: None, sell: Callable[..., None]
) -> None:
    sell('\n[[premium.variants]]\nwhen = { basic_insurance = "resident" }\nyuan = "58.00"\nsource = "study:premium"\n')
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(insutype="390")
    placed = order(api, 0, key="a")
    assert placed["total"] == "58.00"
    work_off(Lane.ORDERS)
    assert [one["refused"] for one in read(api, placed)["insured"]] == ["price_changed"]
    again = order(api, 0, key="b")
    assert (again["status"], again["total"]) == ("waiting", "158.00")


def test_while_the_bureau_is_away_orders_wait_are_told_once_and_are_answered_in_the_order_of_arrival(
    api: Caller, city: City, bureau: Played, never_asked: None
) -> None:
    for _ in range(20):
        bureau.behaviour("bureau").press("busy")
    first, second = order(api, 1, key="a"), order(api, 2, key="b")
    for _ in range(2):
        work_off(Lane.ORDERS)
    assert [read(api, one)["status"] for one in (first, second)] == ["asking", "asking"]
    assert told(city) == ["waits", "waits"]
    bureau.behaviour("bureau").sow(0, 0)
    work_off(Lane.ORDERS)
    assert [read(api, one)["status"] for one in (first, second)] == ["waiting", "waiting"]
    asked = Exchange.objects.of(city).filter(outcome="answered", operation="find_person").order_by("pk")
    assert [row.key.split(":")[1] for row in asked] == [first["reference"], second["reference"]]


def test_somebody_who_waited_until_the_window_was_over_is_not_late_if_they_pay_soon(
    api: Caller, city: City, bureau: Played, never_asked: None
) -> None:
    on(city, "2022-02-28")
    placed, late = order(api, 0, key="a"), order(api, 1, key="b")
    on(city, "2022-03-02")
    work_off(Lane.ORDERS)
    on(city, "2022-03-05")
    api.pay(placed["reference"], "158.00")
    policy = Policy.objects.of(city).get(order_line__order__reference=placed["reference"])
    assert str(policy.cover_from) == "2022-03-06"
    on(city, "2022-03-06")
    api.pay(late["reference"], "158.00", notice="N2")
    after = read(api, late)
    assert (after["status"], after["insured"][0]["refused"], after["owed_back"]) == (
        "refund_due",
        "window_closed",
        "158.00",
    )
    assert verify_city(city).faults == []


def on(city: City, day: str) -> None:
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    city.refresh_from_db()
    forget_all()


HISTORY = [
    {"diagnosis": "I10.x00", "day": "2020-06-01", "institution": "hospital-1", "group": "hypertension"},
    {"diagnosis": "J06.900", "day": "2019-03-01", "institution": "hospital-2"},
]


def test_the_history_is_asked_for_with_the_persons_own_consent_and_frozen_on_the_policy(
    api: Caller, city: City, bureau: Played, never_asked: None
) -> None:
    registered(bureau, 0, history=HISTORY)
    placed = order(api, 0)
    work_off(Lane.ORDERS)
    consent = Consent.objects.of(city).get(kind="health_history", resident=resident(city, WANG_FANG))
    assert consent.given_by_id is None
    assert HealthRecord.objects.of(city).filter(resident=resident(city, WANG_FANG)).count() == 2
    api.pay(placed["reference"], "158.00")
    policy = Policy.objects.of(city).get(order_line__order__reference=placed["reference"])
    assert policy.pre_existing == ["hypertension"]


def test_without_consent_no_history_is_asked_for_and_nobody_is_refused(
    api: Caller, city: City, bureau: Played, never_asked: None
) -> None:
    registered(bureau, 0, history=HISTORY)
    placed = order(api, 0, consent=False)
    work_off(Lane.ORDERS)
    assert read(api, placed)["status"] == "waiting"
    assert not HealthRecord.objects.of(city).exists()
    assert not Exchange.objects.of(city).filter(operation="history").exists()
    assert BureauFact.objects.of(city).get().history_asked is False


def test_a_plan_with_a_rule_of_its_own_counts_its_groups_by_codes_and_days(
    api: Caller, city: City, bureau: Played, never_asked: None, sell: Callable[..., None]
) -> None:
    sell(GROUPS)
    registered(bureau, 0, history=[*HISTORY, {"diagnosis": "C34.900", "day": "2021-05-01", "institution": "h"}])
    order(api, 0)
    work_off(Lane.ORDERS)
    assert resident(city, WANG_FANG).pre_existing == ["cancer"]


GROUPS = """
[[disease_group]]
id = "cancer"
name = { zh = "恶性肿瘤", en = "Cancer" }
codes = [{ first = "C00", last = "C97" }]
source = "study:pre_existing"

[pre_existing]
groups = ["cancer"]
diagnosed_before = "first_cover"
source = "study:pre_existing"
"""


def test_a_record_that_is_told_again_is_one_record(api: Caller, city: City, bureau: Played, never_asked: None) -> None:
    registered(bureau, 0, history=HISTORY)
    order(api, 0, key="a")
    work_off(Lane.ORDERS)
    Resident.objects.of(city).update(confirmed_at=None)
    order(api, 0, key="b")
    work_off(Lane.ORDERS)
    assert HealthRecord.objects.of(city).count() == 2
    assert BureauFact.objects.of(city).count() == 2


def test_an_answer_about_one_order_alone_that_does_not_come_holds_up_no_other(
    api: Caller, city: City, bureau: Played, never_asked: None
) -> None:
    registered(bureau, 1, not_answered="area_not_connected")
    stuck, other = order(api, 1, key="a"), order(api, 2, key="b")
    work_off(Lane.ORDERS)
    assert [read(api, one)["status"] for one in (stuck, other)] == ["asking", "waiting"]
    registered(bureau, 1)
    due_now(Task.objects.of(city).get(kind="ask_bureau", key=stuck["reference"]))
    work_off(Lane.ORDERS)
    assert read(api, stuck)["status"] == "waiting"


def test_a_parent_agrees_for_a_child_until_the_day_before_its_eighteenth_birthday(city: City) -> None:
    somebody = Resident.objects.of(city).order_by("pk")[0].pk
    child = replace(persons_by_id(city, [somebody])[somebody], birth_date=date(2004, 2, 16))
    assert is_ward(child, Relation.CHILD, date(2022, 2, 15))
    assert not is_ward(child, Relation.CHILD, date(2022, 2, 16))
    assert not is_ward(child, Relation.SPOUSE, date(2022, 2, 15))
