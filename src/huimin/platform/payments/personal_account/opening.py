"""Lines of an order: opened with it, used when its policies are issued, let go where they are not needed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import History
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.payments.personal_account.life import SUBJECT, lock_lines, move
from huimin.platform.payments.personal_account.models import AccountLine, LineState
from huimin.platform.payments.personal_account.rules import AccountRule, Mode
from huimin.platform.tasks.api import enqueue

__all__ = ["CHARGE", "HOLD", "RELEASE", "AccountPart", "held_already", "new_key", "open_lines", "released", "used"]

HOLD, RELEASE, CHARGE = "account_hold", "account_release", "account_charge"
"""Kinds of tasks: what the bureau is asked for."""


def new_key() -> str:
    """A name for a line that says nothing."""
    return f"A{secrets.token_hex(12)}"


@dataclass(frozen=True, slots=True)
class AccountPart:
    """`amount` fen of one person's premium, to be paid from the account. `relation`: of the insured to the payer.

    `key`: by `new_key`; the order knows the part by it.
    """

    key: str
    insured_id: int
    insured_area: str
    relation: Relation
    amount: int


def open_lines(
    *,
    city: City,
    order_reference: str,
    plan_year_id: int,
    payer_id: int,
    payer_area: str,
    rule: AccountRule,
    parts: Sequence[AccountPart],
    by: str,
    at: datetime,
) -> None:
    """Lines for these parts, in their order; a worker has the bureau hold the money.

    Call it in the order's transaction.

    Raises ValueError for a rule that does not say when accounts are charged: nobody may be offered it.
    """
    if rule.mode is None:
        raise ValueError(f"the rule of {rule.place} does not say when an account is charged")
    lines = [
        AccountLine(
            city=city,
            key=part.key,
            order_reference=order_reference,
            payer_id=payer_id,
            insured_id=part.insured_id,
            relation=part.relation,
            payer_area=payer_area,
            insured_area=part.insured_area,
            amount=part.amount,
            place=rule.place,
            rule_since=rule.since,
            mode=rule.mode,
            plan_year_id=plan_year_id,
            requested_at=at,
        )
        for part in parts
    ]
    AccountLine.objects.insert(lines)
    for line in lines:
        History(city, Subject(SUBJECT, line.key)).append("requested", actor=by, at=at, data={"amount": line.amount})
        enqueue(city=city, kind=HOLD, key=line.key)


def held_already(city: City, keys: Sequence[str], at: datetime) -> None:
    """The bureau holds the money for these lines before the order is placed: nobody has to ask it."""
    move(city, lock_lines(city, keys), "held", by=queue_actor(city).text, at=at)


def used(city: City, keys: Sequence[str], at: datetime) -> None:
    """Policies are issued that these lines pay for. Where the account is charged at once, that is asked for now."""
    lines = [line for line in lock_lines(city, keys) if line.used_at is None]
    move(city, lines, "used", by=queue_actor(city).text, at=at, used_at=at)
    for line in lines:
        if line.mode == Mode.REAL_TIME:
            enqueue(city=city, kind=CHARGE, key=line.key)


def released(city: City, keys: Sequence[str], at: datetime) -> None:
    """These lines are not needed: the account gets its money back. Those that ended already stay as they are."""
    waiting = (LineState.REQUESTED, LineState.UNCLEAR, LineState.HELD)
    lines = [line for line in lock_lines(city, keys) if line.state in waiting and line.used_at is None]
    move(city, lines, "release_asked", by=queue_actor(city).text, at=at)
    for line in lines:
        enqueue(city=city, kind=RELEASE, key=line.key)
