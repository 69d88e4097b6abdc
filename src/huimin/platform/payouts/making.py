"""Payouts are made: what the plan owes for a policy's bills goes to the account of whoever it is paid to."""

from __future__ import annotations

import json
import secrets
from datetime import date

from django.db.models.functions import TruncDate

from huimin.platform.enrolment.api import PolicyFacts, lock_policies_of_members, policies_of, policy_by_number
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import owed_by_fact, policy_party, post
from huimin.platform.payouts.accounts import accounts_of
from huimin.platform.payouts.entries import sent_entries
from huimin.platform.payouts.models import ClaimPayout, PayoutPart, PayoutStatus
from huimin.platform.people.api import PersonFacts, has_died, named_persons, persons_by_id
from huimin.platform.tasks.api import Attempt, Write, enqueue

__all__ = ["SUBJECT", "ask_bank_soon", "due_payouts", "pay_claims", "payee_of", "subject_of"]

SUBJECT = "payout"
_FULL_AGE = 18


def pay_claims(attempt: Attempt) -> Write:
    """A worker's: make the payouts of a policy, or of all policies that are paid to a resident. Safe to run twice."""
    city, said = attempt.task.city, json.loads(attempt.task.payload)

    def write() -> None:
        for number in _numbers(city, said):
            _pay_policy(city, number, attempt.task.key)

    return write


def _numbers(city: City, said: dict[str, object]) -> list[str]:
    if "policy" in said:
        return [str(said["policy"])]
    person = named_persons(city, [int(str(said["resident"]))])
    return sorted({policy.number for one in person.values() for policy in policies_of(city, one)})


def _pay_policy(city: City, number: str, asked_by: str) -> None:
    """Call it in a transaction. The policy's member-year is locked, as where its bills are decided."""
    policy = policy_by_number(city, number)
    if policy is None:
        return
    lock_policies_of_members(city, policy.psn_no)
    owed = {source: fen for source, fen in owed_by_fact(city, policy_party(number)).items() if fen > 0}
    payee = payee_of(city, policy)
    if not owed or payee is None:
        return
    account = accounts_of(city, [payee.id]).get(payee.id)
    if account is None:
        message = {"template": "payout_needs_account", "resident": payee.id, "policy": number}
        enqueue(city=city, kind="notice", key=f"needs-account-{number}-{asked_by}"[:120], payload=message)
        return
    large = sum(owed.values()) > city.second_person_above
    moment = now(city)
    payout = ClaimPayout(
        city=city,
        key=secrets.token_hex(12),
        policy_number=number,
        payee_id=payee.id,
        account_id=account.id,
        amount=sum(owed.values()),
        created_at=moment,
        due_on=max(account.usable_from, today(city)),
        status=PayoutStatus.FOR_SECOND_PERSON if large else PayoutStatus.WAITING,
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


def payee_of(city: City, policy: PolicyFacts) -> PersonFacts | None:
    """Who is paid for this policy's bills: the insured; the holder where the insured is a minor.

    None where the insured has died: heirs come to the counter, and a person decides.
    """
    people = persons_by_id(city, {policy.insured_id, policy.holder_id})
    insured = people[policy.insured_id]
    if has_died(city, insured.id):
        return None
    return insured if _of_age(insured.birth_date, today(city)) else people[policy.holder_id]


def _of_age(born: date, day: date) -> bool:
    return (day.year - born.year - ((day.month, day.day) < (born.month, born.day))) >= _FULL_AGE


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


def subject_of(payout_id: int) -> Subject:
    return Subject(SUBJECT, str(payout_id))
