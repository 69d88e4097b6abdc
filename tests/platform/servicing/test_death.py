"""A death is recorded: cover ends with the day, what was before it stands, and the telephone stays silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from acting import acting, themself
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.outbox.delivering import End, deliver
from huimin.platform.people.limits import Source
from huimin.platform.people.models import IdentityCheck, Resident
from huimin.platform.people.selectors import telephone_of
from huimin.platform.people.services import send_code
from huimin.platform.servicing.checking import check_code, validity_of
from huimin.platform.servicing.requests.deciding import propose_request
from huimin.platform.servicing.requests.reading import open_requests, request_story
from huimin.platform.servicing.requests.requesting import ask_for_endorsement, report_death
from huimin.platform.tasks.models import Task
from platform_support import Caller, a_bill
from refunds_support import an_order, paid_at_the_company, retry_now
from served import free_port
from servicing_support import PAPER, day_is, granted, insurers, policy_of, statuses, with_terms
from work_support import work_off

pytestmark = pytest.mark.django_db

DAYS_LEFT = '[withdrawal]\nafter = "not_possible"\non_death = "days_left"\nsource = "study:period"\n'


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        yield found


def told(city: City, policy: Policy, day: date) -> int:
    """The holder tells of the insured's death."""
    holder = themself(policy.holder)
    return report_death(actor=holder, number=policy.number, died_on=day, source="death_certificate", papers=[PAPER])


def looks(city: City) -> list[tuple[str, ...]]:
    found = [request_story(city, one.id) for one in open_requests(city, 1)]
    return [(one.content["why"], *one.content["named"]) for one in found if one is not None and "why" in one.content]


def test_cover_ends_with_the_day_and_bills_before_it_stand(api: Caller, covered: City) -> None:
    api.settle(a_bill("BEFORE", "2022-04-10", 115_227_53, 3_617_58))
    father = policy_of(covered, 1)
    granted(covered, told(covered, father, date(2022, 4, 15)))
    assert statuses(covered, father.number) == ["died"]
    paid = api.settle(a_bill("THE_DAY", "2022-04-15", 20_000_00))
    later = api.settle(a_bill("AFTER", "2022-04-16", 20_000_00))
    assert (paid.status_code, later.json()["code"]) == (200, "uncovered_date")
    father.refresh_from_db()
    assert father.ended_on == date(2022, 4, 16)
    assert verify_city(covered).faults == []


def test_a_policy_is_valid_on_the_last_day_and_not_after_it(covered: City) -> None:
    father = policy_of(covered, 1)
    granted(covered, told(covered, father, date(2022, 4, 15)))
    code = check_code(covered, father.number)
    found = {
        day: validity_of(city=covered, number=father.number, code=code, day=day, source=Source())
        for day in (date(2022, 4, 15), date(2022, 4, 16))
    }
    assert [one.valid for one in found.values() if one is not None] == [True, False]


def test_a_bill_after_the_day_that_was_decided_already_is_named_to_a_person(api: Caller, covered: City) -> None:
    api.settle(a_bill("LATE", "2022-04-18", 115_227_53))
    father = policy_of(covered, 1)
    granted(covered, told(covered, father, date(2022, 4, 15)))
    assert ("bills_after_death", "LATE") in looks(covered)
    father.refresh_from_db()
    assert father.ended_on == date(2022, 4, 19)
    assert verify_city(covered).faults == []


def test_where_the_terms_say_nothing_of_the_premium_a_person_looks_at_the_contract(covered: City) -> None:
    father = policy_of(covered, 1)
    granted(covered, told(covered, father, date(2022, 4, 15)))
    assert looks(covered) == [("death_premium_unknown",)]
    father.refresh_from_db()
    assert father.given_back == 0


def test_premium_of_the_days_that_are_left_goes_back_to_whoever_paid(api: Caller, city: City, sandbox: Played) -> None:
    with_terms(city, DAYS_LEFT, "[eligibility]")
    before = insurers(city)
    paid_at_the_company(sandbox, api, an_order(api, 0, 1))
    father = policy_of(city, 1)
    day_is(city, date(2022, 4, 20))
    granted(city, told(city, father, date(2022, 4, 15)))
    father.refresh_from_db()
    left = (father.cover_to - date(2022, 4, 16)).days + 1
    whole = (father.cover_to - father.cover_from).days + 1
    assert father.given_back == (158_00 * left * 2 + whole) // (whole * 2)
    work_off()
    retry_now(city)
    assert [one.amount for one in sandbox.sandbox.company.refunds.values()] == [father.given_back]
    assert sum(insurers(city).values()) == sum(before.values()) - 2 * 158_00 + father.given_back
    assert verify_city(city).faults == []


def test_before_cover_begins_the_whole_goes_back(api: Caller, city: City, sandbox: Played) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0, 1))
    father = policy_of(city, 1)
    granted(city, told(city, father, date(2022, 2, 14)))
    father.refresh_from_db()
    assert (father.given_back, father.ended_on) == (158_00, father.cover_from)
    assert verify_city(city).faults == []


def test_nothing_is_sent_to_the_telephone_of_the_dead_and_the_payer_is_told(covered: City) -> None:
    father = policy_of(covered, 1)
    granted(covered, told(covered, father, date(2022, 4, 15)))
    assert telephone_of(covered, father.insured_id) == ""
    ends = {}
    for task in Task.objects.of(covered).filter(key__startswith="decided-"):
        task.city = covered
        ends[task.key.rpartition("-")[2]] = deliver(task).end
    assert ends[str(father.insured_id)] is End.LET_GO
    assert ends[str(father.holder_id)] is not End.LET_GO
    check = send_code(city=covered, id_number=father.insured.id_number, name=father.insured.name)
    assert IdentityCheck.objects.of(covered).get(pk=check).resident_id is None


def test_a_day_to_come_an_unknown_paper_and_a_second_death_are_refused(covered: City) -> None:
    father, holder = policy_of(covered, 1), themself(policy_of(covered, 1).holder)
    for named, code in (
        ({"died_on": date(2022, 4, 21)}, "day_in_future"),
        ({"source": "hearsay"}, "death_source_unknown"),
        ({"papers": []}, "paper_missing"),
    ):
        given = {"died_on": date(2022, 4, 15), "source": "hospital", "papers": [PAPER], **named}
        with pytest.raises(HuiminError) as refused:
            report_death(actor=holder, number=father.number, **given)
        assert refused.value.code == code
    first, second = told(covered, father, date(2022, 4, 15)), told(covered, father, date(2022, 4, 15))
    granted(covered, first)
    with pytest.raises(HuiminError) as refused:
        propose_request(actor=acting(covered, "handler"), request_id=second, note="x")
    assert refused.value.code == "cover_over"
    with pytest.raises(HuiminError) as refused:
        ask_for_endorsement(actor=holder, number=father.number, facts={"name": "王"}, words="x", papers=[PAPER])
    assert refused.value.code == "policy_ended"


def test_a_death_that_a_person_did_not_agree_to_changes_nothing(covered: City) -> None:
    father = policy_of(covered, 1)
    propose_request(actor=acting(covered, "handler"), request_id=told(covered, father, date(2022, 4, 15)), note="x")
    father.refresh_from_db()
    assert father.ended_on is None
    assert Resident.objects.of(covered).get(pk=father.insured_id).died_on is None
