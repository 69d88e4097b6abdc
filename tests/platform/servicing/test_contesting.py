"""A health record is contested: it is looked at by two people, and when it falls the policy and its claims follow."""

from __future__ import annotations

from datetime import date

import pytest

from acting import acting, themself
from cast import FATHER
from huimin.errors import HuiminError
from huimin.platform.claims.models import BenefitDecisionVersion
from huimin.platform.enrolment.bureau.records import keep_records, records_of
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.selectors import policies_by_id
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import HistoryItem
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from huimin.platform.servicing.requests.deciding import propose_request, refuse_request
from huimin.platform.servicing.requests.reading import request_story
from huimin.platform.servicing.requests.requesting import contest_record
from huimin.platform.tasks.models import Task
from platform_support import Caller, a_bill, person
from servicing_support import PAPER, day_is, granted, policy_of, statuses

pytestmark = pytest.mark.django_db

HEALTHY = 69_025_20
"""What the worked example of the design pays; of somebody with an earlier disease it is less."""


@pytest.fixture
def recorded(api: Caller, city: City) -> City:
    """Wang Fang's father joined with an earlier disease, by one record of the bureau; it is 20 April."""
    father = Resident.objects.of(city).get(psn_no=FATHER)
    item = HistoryItem("C34.900", date(2020, 3, 1), "hospital-1", "listed")
    keep_records(city, father.pk, [item], now(city))
    Resident.objects.of(city).filter(pk=father.pk).update(pre_existing=["listed"])
    insured = [{**person(0), "relation": "self"}, {**person(1), "relation": "parent"}]
    order = api.post(
        "channel-1", "/api/v1/orders", {"applicant": person(0), "insured": insured, "terms_opened": True}
    ).json()
    assert api.pay(order["reference"], order["total"]).content == b"success"
    day_is(city, date(2022, 4, 20))
    return city


def paid(city: City, policy: Policy) -> int:
    return sum(BenefitDecisionVersion.objects.of(city).filter(policy=policy).values_list("change", flat=True))


def record_of(city: City) -> int:
    return records_of(city, policy_of(city, 1).insured_id)[0].id


def contested(city: City) -> int:
    father = policy_of(city, 1)
    return contest_record(
        actor=themself(father.insured),
        number=father.number,
        record_id=record_of(city),
        why="borrowed_card",
        words="当天我在外地，医保卡借给了亲戚",
        papers=[PAPER],
    )


def test_where_it_falls_the_policy_is_corrected_and_its_bills_are_decided_again(api: Caller, recorded: City) -> None:
    father = policy_of(recorded, 1)
    assert father.pre_existing == ["listed"]
    api.settle(a_bill("S1", "2022-04-10", 115_227_53, 3_617_58))
    assert paid(recorded, father) < HEALTHY
    granted(recorded, contested(recorded), "not_theirs")
    assert paid(recorded, father) == HEALTHY
    (record,) = records_of(recorded, father.insured_id)
    assert (record.found, record.counts) == ("not_theirs", False)
    facts = policies_by_id(recorded, [father.pk])[father.pk]
    assert (facts.member.pre_existing, facts.issued.pre_existing) == (frozenset(), {"listed"})
    assert Resident.objects.of(recorded).get(pk=father.insured_id).pre_existing == []
    assert statuses(recorded, father.number) == ["in_force", "corrected"]
    assert Task.objects.of(recorded).filter(kind="notice", key__startswith="claim-endorsement:").count() == 1
    assert verify_city(recorded).faults == []


def test_bills_that_come_afterwards_are_decided_by_the_corrected_facts_and_what_was_answered_stays_so(
    api: Caller, recorded: City
) -> None:
    first = api.settle(a_bill("S1", "2022-04-10", 60_000_00)).json()
    granted(recorded, contested(recorded), "not_theirs")
    api.settle(a_bill("S2", "2022-04-12", 60_000_00))
    again = api.get("hospital-1", "/api/v1/settlements/S1").json()
    assert again["payable"] == first["payable"]
    assert verify_city(recorded).faults == []


def test_where_it_stands_nothing_changes_and_the_reason_is_told(api: Caller, recorded: City) -> None:
    father, request = policy_of(recorded, 1), contested(recorded)
    granted(recorded, request, "theirs")
    (record,) = records_of(recorded, father.insured_id)
    assert (record.found, record.counts) == ("theirs", True)
    story = request_story(recorded, request)
    assert story is not None
    assert (story.facts.outcome, story.facts.reason) == ("refused", "与证件核对一致")
    assert policies_by_id(recorded, [father.pk])[father.pk].learned == ()


def test_while_it_is_looked_at_nothing_is_decided_and_the_law_gives_fifteen_days(recorded: City) -> None:
    request = contested(recorded)
    propose_request(actor=acting(recorded, "handler"), request_id=request, note="x", answer="not_theirs")
    (record,) = records_of(recorded, policy_of(recorded, 1).insured_id)
    assert record.found == ""
    story = request_story(recorded, request)
    assert story is not None
    assert story.facts.due_on == date(2022, 5, 5)
    assert [clock.rule.source for clock in story.clocks] == ["law"]


def test_the_same_record_twice_no_answer_one_person_alone_and_anothers_record_are_refused(recorded: City) -> None:
    request, handler = contested(recorded), acting(recorded, "handler")
    with pytest.raises(HuiminError) as refused:
        contested(recorded)
    assert refused.value.code == "contested_already"
    with pytest.raises(HuiminError) as refused:
        propose_request(actor=handler, request_id=request, note="x")
    assert refused.value.code == "answer_missing"
    with pytest.raises(HuiminError) as refused:
        refuse_request(actor=handler, request_id=request, note="x")
    assert refused.value.code == "two_people_needed"
    father = policy_of(recorded, 1)
    with pytest.raises(HuiminError) as refused:
        contest_record(
            actor=themself(father.holder),
            number=father.number,
            record_id=record_of(recorded),
            why="error",
            words="x",
            papers=[PAPER],
        )
    assert refused.value.code == "record_not_found"
