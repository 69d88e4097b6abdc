"""Bringing a policy's overpayments to where they should stand, before anything is paid on it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from huimin.platform.claims.api import days_of_bills
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import overpaid_by_fact, owed_by_fact, policy_party, post
from huimin.platform.payouts.models import OverpaymentKind, OverpaymentMove
from huimin.platform.payouts.overpayments.balancing import WAIVED_UP_TO, Bill, Step, what_follows
from huimin.platform.payouts.overpayments.entries import entries_of_moves, waived_by_rule, waived_in
from huimin.platform.payouts.overpayments.letters import tell_of_debt

__all__ = ["bills_of", "moves_of", "settle", "steps_of", "take_steps"]


def settle(policy: PolicyFacts, by: str) -> dict[str, int]:
    """Find, set off and waive what has to be, tell of what is owed back by then, and return what is payable, in fen by
    bill.

    Call it in a transaction with the policy locked. `by`: the actor's text.
    """
    steps, after = steps_of(policy)
    if steps:
        take_steps(policy, steps, by)
    tell_of_debt(policy, sum(bill.receivable for bill in after.values()), by)
    return {source: bill.payable for source, bill in after.items() if bill.payable > 0}


def steps_of(policy: PolicyFacts) -> tuple[list[Step], dict[str, Bill]]:
    """What follows on this policy now (balancing.py). Many small amounts are waived by rule up to one small amount."""
    left = WAIVED_UP_TO - waived_by_rule(moves_of(policy.city, policy.number))
    return what_follows(bills_of(policy), left)


def take_steps(
    policy: PolicyFacts, steps: Sequence[Step], by: str, transaction: str = "", at: datetime | None = None
) -> None:
    """Store the steps and post them. Call it as `settle`.

    `transaction`: the bank's name of the movement that repaid, and `at` when the bank booked it.
    """
    earlier = moves_of(policy.city, policy.number)
    before = waived_in(earlier)
    moves = [_move(policy, step, by, transaction, at) for step in steps]
    _date(policy, moves, {one.source: one.shares_day for one in earlier if one.shares_day and before[one.source]})
    OverpaymentMove.objects.insert(moves)
    post(city=policy.city, entries=list(entries_of_moves(policy, moves, before)), at=now(policy.city))


def bills_of(policy: PolicyFacts) -> dict[str, Bill]:
    """Every bill with something open or waived, by its name in the journal, debts first, each in order of time."""
    city, party = policy.city, policy_party(policy.number)
    payable, receivable = owed_by_fact(city, party), overpaid_by_fact(city, party)
    waived = waived_in(moves_of(city, policy.number))
    return {
        source: Bill(payable.get(source, 0), receivable.get(source, 0), waived[source])
        for source in (receivable | payable | waived)
    }


def moves_of(city: City, policy_number: str) -> list[OverpaymentMove]:
    found: list[OverpaymentMove] = OverpaymentMove.objects.fetch(
        city, {"policy_number": policy_number}, order_by=("id",)
    )
    return found


def _move(policy: PolicyFacts, step: Step, by: str, transaction: str, at: datetime | None) -> OverpaymentMove:
    moment = now(policy.city)
    return OverpaymentMove(
        city=policy.city,
        key=secrets.token_hex(12),
        policy_number=policy.number,
        kind=step.kind,
        source=step.source,
        kept_of=step.kept_of,
        by_rule=step.by_rule,
        amount=step.amount,
        transaction=transaction,
        happened_at=at or moment,
        recorded_by=by,
        recorded_at=moment,
    )


def _date(policy: PolicyFacts, moves: Iterable[OverpaymentMove], kept: Mapping[str, date | None]) -> None:
    """Give the waivers their day: `kept`, while something is waived of the bill, so that a waiver goes back to the
    insurers who bore it; else the bill's own. Few policies have any, so that their bills are read only then.
    """
    days: dict[str, date] = {}
    for move in moves:
        if move.kind in (OverpaymentKind.WAIVED, OverpaymentKind.WAIVER_BACK):
            if kept.get(move.source) is None:
                days = days or days_of_bills(policy)
            move.shares_day = kept.get(move.source) or days[move.source]
