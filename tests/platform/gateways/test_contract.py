"""All doors and the real sandbox, over HTTP: each misbehaviour ends in the failure that says what is known of it.

The same cases run for every operation of every door. A failure of kind Unreachable or Refused promises that nothing was
done; the sandbox's own data say whether that is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from door_support import ACCOUNT_HOLDER, Played, played
from huimin.platform.foundation.models import City
from huimin.platform.gateways.bureau import HoldRequest
from huimin.platform.gateways.bureau_http import bureau_of
from huimin.platform.gateways.failures import DoorError, Duplicate, Refused, Unclear, Unreachable
from huimin.platform.gateways.message_gateway import TextMessage, message_gateway
from huimin.platform.gateways.payment_company import RefundRequest
from huimin.platform.payments.providers import payment_company

pytestmark = pytest.mark.django_db

OF_A_CHANGE = {
    "lose_request": (Unclear, "broken_off", 0),
    "busy": (Unreachable, "busy", 0),
    "on_the_way": (Unclear, "status_502", 0),
    "refuse": (Refused, "refused_on_purpose", 0),
    "lose_answer": (Unclear, "broken_off", 1),
    "slow": (Unclear, "too_slow", 1),
    "dribble": (Unclear, "too_slow", 1),
    "fault": (Unclear, "fault", 1),
    "garble": (Unclear, "unreadable", 1),
    "forge": (Unclear, "unsigned", 1),
    "contradict": (Unclear, "contradicts", 1),
    "repeat": (Duplicate, "had_before", 1),
}
"""What a call that changes something ends in, why, and how often it was done."""
AGAIN = ("lose_request", "on_the_way", "lose_answer", "slow", "dribble", "fault")
"""What a query gets over by asking once more: without an answer, nothing was done."""


@dataclass(frozen=True)
class Operation:
    """One thing that a door does. `change` does it, `query` says whether it was done, `done` counts by the sandbox."""

    party: str
    change: Callable[[], Any]
    query: Callable[[], Any]
    done: Callable[[], int]


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


def a_text(city: City, sandbox: Played) -> Operation:
    gateway, text = message_gateway(city), TextMessage("t:1", "13900000000", "claim_decided", {})
    return Operation(
        "message-gateway",
        lambda: gateway.send(text),
        lambda: gateway.query_receipt("t:1"),
        lambda: len(sandbox.sandbox.gateway.texts),
    )


def a_refund(city: City, sandbox: Played) -> Operation:
    company, played_company = payment_company("sandbox", city), sandbox.sandbox.company
    order = played_company.open(
        {"reference": "R1", "amount": "158.00", "subject": "x", "notify": f"{sandbox.address}/nowhere", "back": "/"}
    )
    played_company.pay("R1", "lost")
    request = RefundRequest("refund:1", "R1", next(iter(order.transactions)), 158_00)
    return Operation(
        "payment-company",
        lambda: company.refund(request),
        lambda: company.query_refund("refund:1"),
        lambda: len(played_company.refunds),
    )


def a_hold(city: City, sandbox: Played) -> Operation:
    bureau, played_bureau = bureau_of(city), sandbox.sandbox.bureau
    played_bureau.register(ACCOUNT_HOLDER)
    request = HoldRequest("hold:1", ACCOUNT_HOLDER["psn_no"], ACCOUNT_HOLDER["psn_no"], 158_00)
    return Operation(
        "bureau",
        lambda: bureau.hold(request),
        lambda: bureau.query_hold("hold:1"),
        lambda: len(played_bureau.holds),
    )


def test_every_way_of_the_sandbox_to_go_wrong_is_a_case_here(sandbox: Played) -> None:
    for party in ("payment-company", "message-gateway", "bureau"):
        kinds = set(sandbox.sandbox.parties[party].call_kinds or sandbox.behaviour(party).kinds)
        assert kinds - {"undelivered"} == set(OF_A_CHANGE)


@pytest.mark.parametrize("operation", [a_text, a_refund, a_hold])
@pytest.mark.parametrize("kind", OF_A_CHANGE)
def test_a_change_that_goes_wrong_says_what_is_known_and_its_query_finds_the_truth(
    city: City, sandbox: Played, operation: Callable[[City, Played], Operation], kind: str
) -> None:
    door = operation(city, sandbox)
    expected, reason, times = OF_A_CHANGE[kind]
    sandbox.behaviour(door.party).press(kind)
    with pytest.raises(DoorError) as raised:
        door.change()
    assert (type(raised.value), raised.value.reason, door.done()) == (expected, reason, times)
    assert (door.query() is not None) == bool(times)
    # Asked again under the same key it is done once, whatever happened before.
    door.change()
    assert door.done() == 1


@pytest.mark.parametrize("operation", [a_text, a_refund, a_hold])
@pytest.mark.parametrize("kind", OF_A_CHANGE)
def test_a_query_that_goes_wrong_is_asked_again_or_fails_and_changes_nothing(
    city: City, sandbox: Played, operation: Callable[[City, Played], Operation], kind: str
) -> None:
    door = operation(city, sandbox)
    done = door.change()
    sandbox.behaviour(door.party).press(kind)
    if kind in AGAIN:
        assert door.query().key == done.key
    else:
        with pytest.raises(DoorError) as raised:
            door.query()
        assert (type(raised.value), raised.value.reason) == OF_A_CHANGE[kind][:2]
    assert door.done() == 1
    assert door.query().key == done.key


@pytest.mark.parametrize("operation", [a_text, a_refund, a_hold])
def test_well_behaved_it_is_done_once_however_often_it_is_asked(
    city: City, sandbox: Played, operation: Callable[[City, Played], Operation]
) -> None:
    door = operation(city, sandbox)
    assert door.query() is None
    first = door.change()
    assert (door.change(), door.done()) == (first, 1)
    assert door.query().key == first.key
