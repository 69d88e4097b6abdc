"""The path of a settlement: few statements, the member's lock, reviews, and messages that leave after commit."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cast import FATHER
from door_support import played
from huimin.platform.claims.models import BenefitDecisionVersion
from huimin.platform.claims.services import Held, receive_settlement
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.tasks.kinds import Lane
from huimin.platform.tasks.models import Status, Task
from platform_support import Caller, a_bill
from rounds_support import MOST_ROUNDS, counted
from work_support import work_off

MOST_STATEMENTS = 14


@pytest.fixture(autouse=True)
def nothing_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    """Client keys and terms are remembered for two seconds: a slow machine must not read them in between."""
    monkeypatch.setattr("huimin.platform.foundation.remembered.time", SimpleNamespace(monotonic=lambda: 0.0))


def test_a_settlement_takes_few_statements_and_rounds_whatever_went_before(
    api: Caller, covered: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))  # loads the terms, which are remembered
    for number in range(8):
        bill = a_bill(f"B{number}", "2022-04-18", 20_000_00 + number, 30_000_00)
        took = counted(api, bill, monkeypatch)
        assert took.statements <= MOST_STATEMENTS
        if connection.vendor == "postgresql":
            assert took.rounds <= MOST_ROUNDS


def test_a_late_bill_that_changes_eight_decisions_takes_no_more(
    api: Caller, covered: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        api.settle(a_bill(f"B{number}", "2022-04-18", 20_000_00, 30_000_00))
    assert counted(api, a_bill("LATE", "2022-03-01", 9_000_00, 9_000_00), monkeypatch).statements <= MOST_STATEMENTS


def test_a_reversal_takes_no_more(api: Caller, covered: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        api.settle(a_bill(f"B{number}", "2022-04-18", 20_000_00, 30_000_00))
    reversal = {"setl_id": "R", "psn_no": FATHER, "setl_time": "2022-04-18", "reverses": "B0"}
    assert counted(api, reversal, monkeypatch).statements <= MOST_STATEMENTS


def test_the_member_year_is_locked_where_the_database_can(api: Caller, covered: City) -> None:
    with CaptureQueriesContext(connection) as captured:
        api.settle(a_bill("A", "2022-04-18", 20_000_00))
    locking = [q["sql"] for q in captured if "enrolment_policy" in q["sql"] and "FOR UPDATE" in q["sql"]]
    assert bool(locking) == connection.features.has_select_for_update


FACTS = st.permutations(
    [
        a_bill("A", "2022-03-01", 60_000_00, 15_000_00),
        a_bill("B", "2022-03-01", 70_000_00, 25_000_00),
        a_bill("C", "2022-02-20 08:00:00", 9_999_99),
        {"setl_id": "RA", "psn_no": FATHER, "setl_time": "2022-03-05", "reverses": "A"},
        a_bill("D", "2022-04-01", 33_333_33, 44_444_44),
        a_bill("B", "2022-03-01", 70_000_00, 25_000_00),
    ]
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(facts=FACTS)
def test_whatever_the_order_of_arrival_decisions_and_books_end_the_same(
    covered: City, facts: list[dict[str, str]]
) -> None:
    from django.db import transaction

    client = ApiClient.objects.select_related("city").get(city=covered, code="hospital-1")
    with transaction.atomic():
        for fact in facts:
            assert not isinstance(receive_settlement(client=client, body=fact), Held)
        final: dict[tuple[str, str], int] = {}
        rows = BenefitDecisionVersion.objects.of(covered).filter(policy__psn_no=FATHER).order_by("version")
        for setl_id, benefit, payable in rows.values_list("settlement__setl_id", "benefit", "payable"):
            final[setl_id, benefit] = payable
        paid = {key: payable for key, payable in final.items() if payable}
        # A is reversed. C uses 9,999.99 of the first deductible, so B's excess is 69,999.99 at 55 %.
        assert paid["B", "in_catalogue"] == 38_499_99
        assert {setl_id for setl_id, _ in paid} == {"B", "D"}
        # By hand: 100,000 × 55 % + 3,333.32 × 67 %; 49,444.44 × 45 %; (103,294.44 − 50,000) × 35 %.
        by_benefit = {name: sum(p for (_, b), p in paid.items() if b == name) for _, name in paid}
        assert by_benefit == {"in_catalogue": 57_233_32, "out_of_catalogue": 22_250_00, "residual": 18_653_05}
        assert verify_city(covered).faults == []
        transaction.set_rollback(True)


def test_a_message_that_was_not_received_is_tried_again_and_goes_once(covered: City, settings: Any) -> None:
    Task.objects.filter(finished_at=None).update(due_at=timezone.now() - timedelta(days=1))
    with played(settings) as sandbox:
        sandbox.behaviour("message-gateway").press("refuse")
        assert work_off(Lane.MESSAGES) == 1
        message = Task.objects.of(covered).get(finished_at=None)
        assert (message.attempts, message.fault_code) == (1, "refused_refused_on_purpose")
        assert message.due_at > timezone.now()
        Task.objects.filter(pk=message.pk).update(due_at=timezone.now() - timedelta(seconds=1))
        assert work_off(Lane.MESSAGES) >= 1
        assert not Task.objects.filter(finished_at=None, status=Status.WAITING).exists()
    # Who is 65 or older is asked afterwards whether it was meant, by messages of their own.
    (received,) = [text for text in sandbox.sandbox.gateway.texts.values() if "您的保单已生效" in text.text]
    assert received.telephone == "10000000001"
