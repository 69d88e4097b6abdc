"""Statements made, answered and paid at one moment: real threads on PostgreSQL, as in test_at_one_moment."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from at_once import all_at_once
from clearing_support import PARTY, a_hospital, account_confirmed, answered, billed, month_over, stated_month, states
from huimin.errors import HuiminError
from huimin.platform.clearing.answering import Answers, Disputed
from huimin.platform.clearing.making import make_statement
from huimin.platform.clearing.models import DisputeReason, HospitalStatement
from huimin.platform.clearing.paying import pay_party
from huimin.platform.demonstration.load import load_demonstration
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payouts.models import ClaimPayout
from platform_support import Caller

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="nothing runs side by side on SQLite"),
]
APRIL = date(2022, 4, 1)


@pytest.fixture
def city(transactional_db: None) -> City:
    load_demonstration(residents=80, orders=4, bills=4)
    return City.objects.get(code="demo")


def outcome(call: Callable[[], Any]) -> Callable[[], str]:
    def tried() -> str:
        try:
            return str(call())
        except HuiminError as error:
            return error.code

    return tried


def test_two_workers_make_one_statement(api: Caller, covered: City) -> None:
    hospital = a_hospital(covered)
    billed(api, "A", "2022-04-12")
    month_over(covered, APRIL)
    hospital.city = covered
    made = outcome(lambda: make_statement(actor=queue_actor(covered), client=hospital, month=APRIL))
    said = all_at_once([made] * 4)
    assert said.count("statement_made") == 3
    assert HospitalStatement.objects.of(covered).filter(client=hospital).count() == 1
    assert verify_city(covered).faults == []


def test_two_workers_pay_once(api: Caller, covered: City) -> None:
    hospital = a_hospital(covered)
    billed(api, "A", "2022-04-12")
    statement = stated_month(covered, hospital)
    answered(statement, hospital, Answers(rest=True))
    account_confirmed(covered)
    said = all_at_once([lambda: pay_party(covered, PARTY)] * 4)
    assert said.count(None) == 3
    (payout,) = ClaimPayout.objects.of(covered).filter(hospital=PARTY.text)
    assert payout.amount == statement.amount
    assert verify_city(covered).faults == []


def test_of_two_answers_at_one_moment_one_counts(api: Caller, covered: City) -> None:
    hospital = a_hospital(covered)
    billed(api, "A", "2022-04-12")
    statement = stated_month(covered, hospital)
    agrees = outcome(lambda: answered(statement, hospital, Answers([1])))
    disputes = outcome(lambda: answered(statement, hospital, Answers(disputed={1: Disputed(DisputeReason.NOT_OURS)})))
    said = all_at_once([agrees, disputes])
    assert said in (["1", "answers_refused"], ["1", "1"])
    assert states(statement) == ["agreed"]
