"""A payment from an account: held by the bureau, used by the order, charged or let go; nothing twice, nothing lost."""

from __future__ import annotations

import pytest
from django.db import transaction

from account_support import OTHER_AREA, OWN_AREA, a_line, family, in_bureau, order_from_account, worked_off
from door_support import Played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.enrolment.services import PlacedOrder
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import histories_of
from huimin.platform.foundation.models import City
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import AccountLine, PaymentCase
from huimin.platform.payments.personal_account.life import SUBJECT, lock_lines, move, state_of
from huimin.platform.payments.personal_account.models import LineState
from huimin.platform.payments.personal_account.opening import released, used
from huimin.platform.payments.personal_account.rules import Mode
from huimin.platform.tasks.kinds import Lane
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.worker import once
from platform_support import Caller
from work_support import a_worker, due_now


def states(city: City, keys: list[str]) -> list[str]:
    by_key = dict(AccountLine.objects.of(city).filter(key__in=keys).values_list("key", "state"))
    return [by_key[key] for key in keys]


def story(city: City, key: str) -> list[str]:
    return [event.kind for event in histories_of(city, SUBJECT, [key])[key].events]


def order_of(city: City, placed: PlacedOrder) -> Order:
    found: Order = Order.objects.of(city).get(reference=placed.order.reference)
    return found


def held_at_bureau(sandbox: Played) -> dict[str, tuple[str, int]]:
    return {key: (one.state, one.amount) for key, one in sandbox.sandbox.bureau.holds.items()}


def test_an_order_on_the_monthly_list_is_issued_once_the_money_is_held(city: City, sandbox: Played) -> None:
    people, before = family(city), balances(city)
    in_bureau(sandbox.sandbox.bureau, people)
    placed, keys = order_from_account(city, people)
    assert (placed.total, states(city, keys)) == (0, ["requested"] * 3)
    assert order_of(city, placed).status == "waiting"
    worked_off()
    assert order_of(city, placed).status == "issued"
    assert states(city, keys) == ["held"] * 3
    assert story(city, keys[0]) == ["requested", "held", "used"]
    assert held_at_bureau(sandbox) == dict.fromkeys(keys, ("held", 15800))
    assert (
        balances(city)["account_held", f"agency:{OWN_AREA}"] - before.get(("account_held", f"agency:{OWN_AREA}"), 0)
        == 3 * 158_00
    )
    assert verify_city(city).faults == []


def test_the_account_pays_a_part_and_the_company_the_rest(api: Caller, city: City, sandbox: Played) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    placed, keys = order_from_account(city, people, fen=[58_00])
    assert placed.total == 100_00
    worked_off()
    assert (order_of(city, placed).status, states(city, keys)) == ("waiting", ["held"])
    api.pay(placed.order.reference, "100.00")
    assert order_of(city, placed).status == "issued"
    assert AccountLine.objects.of(city).get(key=keys[0]).used_at is not None
    assert verify_city(city).faults == []


def test_what_the_bureau_refuses_leaves_its_person_out_and_takes_nothing(city: City, sandbox: Played) -> None:
    people = family(city)
    in_bureau(sandbox.sandbox.bureau, people, historic="316.00")
    placed, keys = order_from_account(city, people)
    worked_off()
    assert states(city, keys) == ["held", "held", "refused"]
    assert AccountLine.objects.of(city).get(key=keys[2]).reason == "balance_too_low"
    assert order_of(city, placed).status == "issued"
    assert Policy.objects.of(city).filter(order_line__order__reference=placed.order.reference).count() == 2
    assert verify_city(city).faults == []


def test_an_order_that_fails_lets_the_held_money_go(city: City, sandbox: Played) -> None:
    people = family(city)[:2]
    in_bureau(sandbox.sandbox.bureau, people, historic="200.00")
    placed, keys = order_from_account(city, people, fen=[100_00, 158_00])
    assert placed.total == 58_00
    worked_off()
    assert order_of(city, placed).status == "failed"
    assert states(city, keys) == ["released", "refused"]
    assert held_at_bureau(sandbox)[keys[0]] == ("released", 100_00)
    assert verify_city(city).faults == []


@pytest.mark.parametrize("kind", ["lose_answer", "slow", "fault", "garble", "forge", "contradict", "repeat"])
def test_a_hold_of_which_nobody_knows_the_end_is_asked_about_and_made_once(
    city: City, sandbox: Played, kind: str
) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    placed, keys = order_from_account(city, people)
    sandbox.behaviour("bureau").press(kind)
    worked_off()
    assert states(city, keys) == ["held"]
    assert order_of(city, placed).status == "issued"
    assert held_at_bureau(sandbox) == {keys[0]: ("held", 158_00)}


def test_a_hold_that_stays_unclear_is_a_state_that_a_later_query_resolves(city: City, sandbox: Played) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    placed, keys = order_from_account(city, people)
    for kind in ("lose_answer", "garble"):
        sandbox.behaviour("bureau").press(kind)
    worked_off()
    task = Task.objects.of(city).get(kind="account_hold", key=keys[0])
    assert (states(city, keys), task.status) == (["unclear"], "waiting")
    assert order_of(city, placed).status == "waiting"
    due_now(task)
    worked_off()
    assert states(city, keys) == ["held"]
    assert story(city, keys[0]) == ["requested", "hold_unclear", "held", "used"]
    assert held_at_bureau(sandbox) == {keys[0]: ("held", 158_00)}


def test_a_bureau_that_is_away_keeps_the_order_waiting_and_refuses_nobody(city: City, sandbox: Played) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    placed, keys = order_from_account(city, people)
    sandbox.behaviour("bureau").press("busy")
    once(a_worker(Lane.ORDERS))
    assert (states(city, keys), order_of(city, placed).status) == (["requested"], "waiting")
    worked_off()
    assert order_of(city, placed).status == "issued"


def test_a_hold_that_arrives_after_the_order_gave_it_up_is_let_go_again(city: City, sandbox: Played) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    _placed, keys = order_from_account(city, people)
    with transaction.atomic():
        released(city, keys, now(city))
    worked_off()
    assert states(city, keys) == ["released"]
    assert [one[0] for one in held_at_bureau(sandbox).values()] in ([], ["released"])


def test_in_real_time_the_account_is_charged_when_the_policy_is_issued(city: City, sandbox: Played) -> None:
    people = family(city)
    in_bureau(sandbox.sandbox.bureau, people)
    placed, keys = order_from_account(city, people, mode=Mode.REAL_TIME)
    before = balances(city)
    worked_off()
    assert order_of(city, placed).status == "issued"
    assert states(city, keys) == ["approved"] * 3
    assert story(city, keys[0]) == ["requested", "held", "used", "approved", "charged"]
    assert held_at_bureau(sandbox) == dict.fromkeys(keys, ("charged", 15800))
    after = balances(city)
    moved = {key: after.get(key, 0) - before.get(key, 0) for key in after if key[0].startswith(("account", "area"))}
    assert {key: fen for key, fen in moved.items() if fen} == {
        ("account_agency", f"agency:{OWN_AREA}"): 2 * 158_00,
        ("account_agency", f"agency:{OTHER_AREA}"): 158_00,
        ("area_clearing", f"agency:{OWN_AREA}"): 158_00,
        ("area_clearing", f"agency:{OTHER_AREA}"): -158_00,
    }
    assert verify_city(city).faults == []


def test_an_account_that_cannot_be_charged_after_all_leaves_the_policy_and_the_payer_owes_it(
    city: City, sandbox: Played
) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people, frozen=True)
    placed, keys = order_from_account(city, people, mode=Mode.REAL_TIME)
    worked_off()
    assert (order_of(city, placed).status, states(city, keys)) == ("issued", ["struck_out"])
    case = PaymentCase.objects.of(city).get(kind="account_struck_out")
    assert (case.amount, case.reference) == (158_00, placed.order.reference)
    assert balances(city)["payer_receivable", ""] == 158_00
    assert verify_city(city).faults == []


def test_being_told_twice_changes_nothing(city: City, sandbox: Played) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    _placed, keys = order_from_account(city, people)
    worked_off()
    with transaction.atomic():
        used(city, keys, now(city))
        released(city, keys, now(city))
    worked_off()
    assert story(city, keys[0]) == ["requested", "held", "used"]
    assert states(city, keys) == ["held"]


@pytest.mark.parametrize(
    ("kind", "state"),
    [("approved", LineState.REQUESTED), ("listed", LineState.LISTED), ("received", LineState.APPROVED)],
)
def test_a_line_goes_no_step_that_does_not_follow(city: City, sandbox: Played, kind: str, state: LineState) -> None:
    _placed, keys = order_from_account(city, family(city)[:1])
    AccountLine.objects.of(city).filter(key=keys[0]).update(state=state)
    with transaction.atomic(), pytest.raises(HuiminError) as refused:
        move(city, lock_lines(city, keys), kind, by="test", at=now(city))
    assert (refused.value.code, refused.value.values["state"]) == ("account_line_state", state)
    assert story(city, keys[0]) == ["requested"]


def test_the_queues_state_is_what_the_events_say_and_verification_names_one_that_is_not(
    city: City, sandbox: Played
) -> None:
    _placed, keys = order_from_account(city, family(city)[:1])
    assert state_of(histories_of(city, SUBJECT, keys)[keys[0]].events) == LineState.REQUESTED
    AccountLine.objects.of(city).filter(key=keys[0]).update(state="received")
    assert verify_city(city).faults == [f"account:{keys[0]} is requested by its events, and received in the queue"]


def test_a_history_that_does_not_begin_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="expected that it was requested"):
        state_of([])


def test_a_hold_that_the_bureau_has_let_go_meanwhile_is_refused(city: City, sandbox: Played) -> None:
    """The answer was lost, and before it was asked for again the account's owner had the bureau let the money go."""
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    placed, (key,) = order_from_account(city, people)
    for kind in ("lose_answer", "garble"):
        sandbox.behaviour("bureau").press(kind)
    worked_off()
    sandbox.sandbox.bureau.holds[key].state = "released"
    due_now(Task.objects.of(city).get(kind="account_hold", key=key))
    worked_off()
    assert states(city, [key]) == ["refused"]
    assert AccountLine.objects.of(city).get(key=key).reason == "released"
    assert order_of(city, placed).status == "failed"


def test_a_line_that_was_moved_says_in_memory_what_is_written(city: City) -> None:
    line = a_line(city, state=LineState.REQUESTED)
    move(city, [line], "refused", by="test", at=now(city), reason="no_account")
    assert (line.state, line.reason) == (LineState.REFUSED, "no_account")
    written = AccountLine.objects.of(city).get(pk=line.pk)
    assert (written.state, written.reason) == (line.state, line.reason)
