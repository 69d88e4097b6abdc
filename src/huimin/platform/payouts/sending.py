"""Asking the bank to pay, and writing down what it said.

Nothing counts as paid before the bank says so; what is open is queried, and never asked a second time under another
key.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial

from django.db import transaction

from huimin.money import format_yuan
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import (
    DoorError,
    PaidOut,
    PayoutOrder,
    PayoutState,
    Refused,
    Unreachable,
    ask_once,
    bank_of,
)
from huimin.platform.ledger.api import post
from huimin.platform.payouts.accounts import account_by_id
from huimin.platform.payouts.entries import came_back_entries, confirmed_entries, returned_entries
from huimin.platform.payouts.hospital_accounts import hospital_account_by_id
from huimin.platform.payouts.models import ClaimPayout, PayoutPart, PayoutStatus
from huimin.platform.payouts.overpayments.tasks import settle_soon
from huimin.platform.payouts.subject import subject_of
from huimin.platform.people.api import named_persons
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write, enqueue

__all__ = ["asked_at_bank", "came_back", "send_payout", "stated_as_paid", "take_answer"]


def send_payout(attempt: Attempt) -> Write | None:
    """One attempt to have a payout carried out. Safe to run twice, and at the same time by two workers."""
    city = attempt.task.city
    payout_id = int(json.loads(attempt.task.payload)["payout"])
    order, asked_before = asked_at_bank(city, payout_id)
    if order is None:
        return None
    bank = bank_of(city)
    try:
        known = ask_once(lambda: bank.pay(order), lambda: bank.query(order.key), asked_before=asked_before)
    except Unreachable as failure:
        raise NotNowError(failure.reason, failure.retry_after) from failure
    except Refused as failure:
        return partial(_returned, city, payout_id, failure.reason)
    except DoorError as failure:
        raise TryAgainError(f"{failure.code.removeprefix('door_')}_{failure.reason}") from failure
    if known.state is PayoutState.ACCEPTED:
        # The bank has it and has not carried it out yet: the next attempt queries.
        raise TryAgainError("accepted")
    return partial(take_answer, city, payout_id, known)


def _order(payout: ClaimPayout) -> PayoutOrder:
    city, day = payout.city, payout.city.demonstration_day
    if payout.hospital_account_id is not None:
        own = hospital_account_by_id(city, payout.hospital_account_id)
        return PayoutOrder(payout.key, payout.amount, own.holder, own.number, f"{city.name_zh}一站式结算款", day)
    assert payout.account_id is not None  # noqa: S101 - the database has it that one of the two is there
    account = account_by_id(city, payout.account_id)
    name = named_persons(city, [payout.payee_id])[payout.payee_id].name
    purpose = f"{city.name_zh}理赔款 {payout.policy_number}"
    return PayoutOrder(payout.key, payout.amount, name, account.number, purpose, day)


@transaction.atomic
def asked_at_bank(city: City, payout_id: int) -> tuple[PayoutOrder | None, bool]:
    """What the bank is to be asked, and whether it may have been asked before; from now on the payout counts as asked.

    None where nothing is to be asked: it has ended, or waits for a second person.
    """
    payout = _locked(city, payout_id)
    if payout.status not in (PayoutStatus.WAITING, PayoutStatus.ASKED):
        return None, False
    asked_before = payout.status == PayoutStatus.ASKED
    if not asked_before:
        _move(payout, PayoutStatus.ASKED)
    return _order(payout), asked_before


def take_answer(city: City, payout_id: int, known: PaidOut) -> None:
    """Write down how the bank says that it ended. Call it in a transaction."""
    if known.state is PayoutState.RETURNED:
        _returned(city, payout_id, known.reason or "returned")
        return
    payout = _locked(city, payout_id)
    if payout.status == PayoutStatus.ASKED:
        _pay(payout, now(city))


def stated_as_paid(*, city: City, key: str, at: datetime) -> None:
    """The bank's statement has what was asked for: it is paid, since then. Call it in a transaction.

    Nothing follows where the payout has ended already. The caller has compared the amounts.
    """
    payout: ClaimPayout | None = ClaimPayout.objects.fetch_one(city, {"key": key}, lock=True)
    if payout is not None and payout.status == PayoutStatus.ASKED:
        _pay(payout, at)


def _pay(payout: ClaimPayout, at: datetime) -> None:
    payout.paid_at = payout.ended_at = at
    _move(payout, PayoutStatus.PAID)
    post(city=payout.city, entries=list(confirmed_entries(payout, _parts(payout))), at=now(payout.city))
    _tell(payout, "payout_paid")


def _returned(city: City, payout_id: int, reason: str) -> None:
    payout = _locked(city, payout_id)
    if payout.status != PayoutStatus.ASKED:
        return
    payout.ended_at, payout.fault = now(city), reason[:40]
    _move(payout, PayoutStatus.RETURNED, reason)
    post(city=city, entries=list(returned_entries(payout, _parts(payout))), at=payout.ended_at)
    _after_return(payout)


def came_back(*, city: City, key: str, reason: str, at: datetime | None = None) -> bool:
    """What was paid came back: it is owed again. False where it is not known as paid. Call it in a transaction.

    `at`: when the bank booked it, where that is known.
    """
    payout: ClaimPayout | None = ClaimPayout.objects.fetch_one(city, {"key": key}, lock=True)
    if payout is None or payout.status != PayoutStatus.PAID:
        return False
    payout.ended_at, payout.fault = at or now(city), reason[:40]
    _move(payout, PayoutStatus.RETURNED, reason)
    post(city=city, entries=list(came_back_entries(payout, _parts(payout))), at=now(city))
    _after_return(payout)
    return True


def _after_return(payout: ClaimPayout) -> None:
    """What the insured are owed again may be set off against what they owe. A hospital's bills are owed as before."""
    if not payout.hospital:
        settle_soon(payout.city, payout.policy_number, f"returned-{payout.pk}")
    _tell(payout, "payout_returned")


def _parts(payout: ClaimPayout) -> list[PayoutPart]:
    found: list[PayoutPart] = PayoutPart.objects.fetch(payout.city, {"payout": payout.pk}, order_by=("id",))
    return found


def _locked(city: City, payout_id: int) -> ClaimPayout:
    (payout,) = ClaimPayout.objects.fetch(city, {"id": payout_id}, lock=True)
    return payout


def _move(payout: ClaimPayout, status: PayoutStatus, reason: str = "") -> None:
    payout.status = status
    ClaimPayout.objects.rewrite(payout, "status", "fault", "paid_at", "ended_at")
    history = history_of(payout.city, subject_of(payout.pk))
    data = {"code": reason} if reason else None
    history.append(status, actor=queue_actor(payout.city).text, at=now(payout.city), data=data)


def _tell(payout: ClaimPayout, template: str) -> None:
    """Tell the insured. A hospital reads how its statement stands, and needs no text."""
    if payout.account_id is None:
        return
    account = account_by_id(payout.city, payout.account_id)
    message = {
        "template": template,
        "resident": payout.payee_id,
        "yuan": format_yuan(payout.amount),
        "last_four": account.last_four,
        "policy": payout.policy_number,
    }
    enqueue(city=payout.city, kind="notice", key=f"{template}-{payout.pk}-{payout.status}", payload=message)
