"""Payouts are made: what the plan owes for bills goes to the account of whoever it is paid to."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import date

from django.db.models.functions import TruncDate

from huimin.platform.enrolment.api import policies_of
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import post
from huimin.platform.payouts.accounts import accounts_of
from huimin.platform.payouts.entries import sent_entries
from huimin.platform.payouts.models import ClaimPayout, PayoutPart, PayoutStatus
from huimin.platform.payouts.overpayments.settling import settle
from huimin.platform.payouts.payees import payee_of
from huimin.platform.payouts.policies import locked_policy
from huimin.platform.payouts.subject import subject_of
from huimin.platform.payouts.withdrawing import withdraw_outdated
from huimin.platform.people.api import named_persons
from huimin.platform.tasks.api import Attempt, Write, enqueue

__all__ = ["ask_bank_soon", "due_payouts", "make_payout", "pay_claims", "pay_policy"]


def pay_claims(attempt: Attempt) -> Write:
    """A worker's: make the payouts of a policy, or of all policies that are paid to a resident. Safe to run twice."""
    city, said = attempt.task.city, json.loads(attempt.task.payload)

    def write() -> None:
        for number in _numbers(city, said):
            pay_policy(city, number, attempt.task.key)

    return write


def _numbers(city: City, said: dict[str, object]) -> list[str]:
    if "policy" in said:
        return [str(said["policy"])]
    person = named_persons(city, [int(str(said["resident"]))])
    return sorted({policy.number for one in person.values() for policy in policies_of(city, one)})


def pay_policy(city: City, number: str, asked_by: str) -> None:
    """Make the payout of what is owed for one policy, if anything is. Call it in a transaction.

    The policy's member-year is locked, as where its bills are decided. `asked_by`: the key of whoever asked for it.
    """
    policy = locked_policy(city, number)
    if policy is None:
        return
    withdraw_outdated(policy)
    owed = settle(policy, queue_actor(city).text)
    payee = payee_of(city, policy)
    if not owed or payee is None:
        return
    account = accounts_of(city, [payee.id]).get(payee.id)
    if account is None:
        message = {"template": "payout_needs_account", "resident": payee.id, "policy": number}
        enqueue(city=city, kind="notice", key=f"needs-account-{number}-{asked_by}"[:120], payload=message)
        return
    to = {"policy_number": number, "payee_id": payee.id, "account_id": account.id}
    make_payout(city, to, account.usable_from, owed)


def make_payout(city: City, to: Mapping[str, object], usable_from: date, owed: Mapping[str, int]) -> int:
    """Make one payout of what is owed for these bills, in fen by their names in the journal; give its number.

    `to`: the fields of ClaimPayout that say who is paid to which account; `usable_from`: from when that may be used.
    Call it in a transaction that keeps others from paying the same bills.
    """
    amount, moment = sum(owed.values()), now(city)
    large = amount > city.second_person_above
    payout = ClaimPayout(
        city=city,
        key=secrets.token_hex(12),
        amount=amount,
        created_at=moment,
        due_on=max(usable_from, today(city)),
        status=PayoutStatus.FOR_SECOND_PERSON if large else PayoutStatus.WAITING,
        **to,
    )
    ClaimPayout.objects.insert([payout])
    parts = [
        PayoutPart(city=city, payout=payout, source=source, amount=fen, recorded_at=moment)
        for source, fen in sorted(owed.items())
    ]
    PayoutPart.objects.insert(parts)
    post(city=city, entries=list(sent_entries(payout, parts)), at=moment)
    data = {"amount": payout.amount, "bills": len(parts)}
    history_of(city, subject_of(payout.pk)).append("made", actor=queue_actor(city).text, at=moment, data=data)
    if not large and payout.due_on <= today(city):
        ask_bank_soon(payout)
    return payout.pk


def ask_bank_soon(payout: ClaimPayout) -> None:
    """Put the task that asks the bank into the queue; at most one a day."""
    key = f"payout-{payout.pk}-{today(payout.city)}"
    enqueue(city=payout.city, kind="send_payout", key=key, payload={"payout": payout.pk})


def due_payouts(attempt: Attempt) -> Write:
    """A worker's, every day: those whose account may be used from today. Safe to run twice."""
    city = attempt.task.city

    def write() -> None:
        waiting = ClaimPayout.objects.of(city).filter(status=PayoutStatus.WAITING, due_on__lte=today(city))
        # Whatever was due when it was made has a task of its own.
        for payout in waiting.filter(due_on__gt=TruncDate("created_at")).order_by("pk"):
            payout.city = city
            ask_bank_soon(payout)

    return write
