"""Trials confirmed and cancelled at one moment: real threads on PostgreSQL, as in test_at_one_moment."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from at_once import all_at_once, apart
from cast import FATHER
from huimin.platform.claims.models import BenefitDecisionVersion, SettlementFact, TrialEnd
from huimin.platform.claims.trials.models import SettlementTrial
from huimin.platform.demonstration.load import load_demonstration
from huimin.platform.enrolment.selectors import lock_policies_of_members
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from platform_support import Caller, a_bill
from trial_support import cancelled, confirmed, state, trial_of, tried

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="nothing runs side by side on SQLite"),
]
BILL = a_bill("A", "2022-04-18", 20_000_00)


@pytest.fixture
def city(transactional_db: None) -> City:
    load_demonstration(residents=80, orders=4, bills=4)
    return City.objects.get(code="demo")


def test_two_trials_at_one_deductible_end_as_if_one_had_come_after_the_other(api: Caller, covered: City) -> None:
    """A is earlier in the year, so that B cannot change what it is paid. B is paid more once A has used the deductible:
    it is told so if A came first, and is decided again if A came second.
    """
    a, b = (
        trial_of(api, a_bill(setl_id, "2022-04-18", 20_000_00), client)
        for client, setl_id in (("hospital-1", "A"), ("hospital-2", "B"))
    )
    first, second = all_at_once([lambda: confirmed(api, a), lambda: confirmed(api, b, "hospital-2")])
    assert (first.status_code, first.json()["payable"]) == (200, "5500.00")
    if second.status_code == 409:
        second = confirmed(api, second.json()["replaced_by"], "hospital-2")
        assert second.json()["payable"] == "11000.00"
    else:
        assert second.json()["payable"] == "5500.00"
    versions = BenefitDecisionVersion.objects.of(covered).filter(settlement__setl_id__in="AB")
    assert sum(version.change for version in versions) == 16_500_00
    assert verify_city(covered).faults == []


def test_a_confirmation_that_waited_while_another_bill_came_is_told_what_changed(api: Caller, covered: City) -> None:
    trial = trial_of(api, a_bill("B", "2022-04-18", 20_000_00), "hospital-2")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_policies_of_members(covered, FATHER)
            waiting = pool.submit(apart, lambda: confirmed(api, trial, "hospital-2"))
            assert api.settle(BILL).status_code == 200
        outdated = waiting.result(60)
    assert (outdated.status_code, outdated.json()["code"]) == (409, "trial_outdated")
    assert [(one["cause"], one["setl_id"]) for one in outdated.json()["causes"]] == [("bill_came", "")]
    assert confirmed(api, outdated.json()["replaced_by"], "hospital-2").json()["payable"] == "11000.00"
    assert verify_city(covered).faults == []


def test_a_trial_confirmed_four_times_at_one_moment_is_one_fact_with_one_answer(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    answers = all_at_once([lambda: confirmed(api, trial) for _ in range(4)])
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert SettlementFact.objects.of(covered).filter(setl_id="A").count() == 1
    assert TrialEnd.objects.of(covered).count() == 1


def test_an_outdated_trial_confirmed_four_times_at_one_moment_has_one_successor(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    api.settle(a_bill("B", "2022-04-17", 6_000_00))
    answers = all_at_once([lambda: confirmed(api, trial) for _ in range(4)])
    assert {answer.status_code for answer in answers} == {409}
    assert len({answer.content for answer in answers}) == 1


def test_of_a_confirmation_and_a_cancellation_at_one_moment_one_is_done(api: Caller, covered: City) -> None:
    for number in range(4):
        trial = trial_of(api, a_bill(f"C{number}", "2022-04-18", 1_000_00))
        done = all_at_once([lambda t=trial: confirmed(api, t), lambda t=trial: cancelled(api, t)])
        codes = [answer.status_code for answer in done]
        assert codes in ([200, 409], [409, 200])
        settled = SettlementFact.objects.of(covered).filter(setl_id=f"C{number}").exists()
        assert (state(api, trial), settled) == (("confirmed", True) if codes[0] == 200 else ("cancelled", False))
    assert verify_city(covered).faults == []


def test_a_cancellation_waits_for_whoever_settles_the_bill(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_policies_of_members(covered, FATHER)
            waiting = pool.submit(apart, lambda: cancelled(api, trial))
            assert api.settle(BILL).status_code == 200
        answer = waiting.result(60)
    assert (answer.status_code, answer.json()["code"]) == (409, "bill_settled")
    assert state(api, trial) == "settled_apart"


def test_a_dozen_trials_at_one_moment_are_five(api: Caller, covered: City) -> None:
    bills = [a_bill(f"N{number}", "2022-04-18", 20_000_00) for number in range(12)]
    answers = all_at_once([lambda bill=bill: tried(api, bill) for bill in bills])
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 7
    places = SettlementTrial.objects.of(covered).values_list("place", flat=True)
    assert sorted(places) == [1, 2, 3, 4, 5]


def test_a_bill_sent_while_its_trial_is_confirmed_is_one_fact(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    answers = all_at_once([lambda: confirmed(api, trial), lambda: api.settle(BILL)])
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert SettlementFact.objects.of(covered).filter(setl_id="A").count() == 1
