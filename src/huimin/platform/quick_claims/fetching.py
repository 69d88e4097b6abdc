"""Asking the bureau for the settlements of a claim, and taking what it tells.

The bureau is asked outside every transaction, and only while the claim is open and its consent in force. What it tells
is taken in one transaction that looks at both again: an answer that comes too late is let go unread.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction

from huimin.platform.claims.api import Became, FetchedBill, take_fetched
from huimin.platform.enrolment.api import policies_by_id
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import BureauSettlement, DoorError, Unreachable, bureau_of
from huimin.platform.people.api import lock_persons
from huimin.platform.quick_claims.consents import is_in_force
from huimin.platform.quick_claims.models import FetchConsent, QuickClaim, QuickClaimBill, QuickClaimState
from huimin.platform.quick_claims.moving import move
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write, enqueue

__all__ = ["answered", "fetch_settlements", "waits"]


@dataclass(frozen=True, slots=True)
class _Question:
    """Names the person by the bureau's number alone."""

    key: str
    psn_no: str
    consent: str
    days: tuple[date, date]


def fetch_settlements(attempt: Attempt) -> Write | None:
    """A worker's: one attempt to learn of a claim's settlements. Safe to run twice."""
    city, claim_id = attempt.task.city, int(json.loads(attempt.task.payload)["claim"])
    question = _question(city, claim_id)
    if question is None:
        return None
    try:
        told = bureau_of(city).settlements(question.key, question.psn_no, question.consent, *question.days)
    except Unreachable as failure:
        waits(city, claim_id, failure.reason)
        raise NotNowError(f"bureau_{failure.reason}", failure.retry_after) from failure
    except DoorError as failure:
        waits(city, claim_id, failure.reason)
        raise TryAgainError(f"bureau_{failure.reason}"[:60]) from failure
    return partial(answered, city, claim_id, told)


@transaction.atomic
def _question(city: City, claim_id: int) -> _Question | None:
    """What to ask; None where nothing may be asked any more."""
    claim = _locked(city, claim_id)
    if not claim.is_open or not is_in_force(city, claim.consent_id):
        return None
    (consent,) = FetchConsent.objects.fetch(city, {"id": claim.consent_id})
    policy = policies_by_id(city, [claim.policy_id])[claim.policy_id]
    return _Question(
        key=f"quick-claim:{claim.pk}",
        psn_no=policy.psn_no,
        consent=f"fetch-consent:{consent.pk}",
        days=(consent.first_day, consent.last_day),
    )


@transaction.atomic
def waits(city: City, claim_id: int, reason: str) -> None:
    """The page says that the claim waits. The resident is told once by a text, and need not do anything."""
    claim = _locked(city, claim_id)
    if not claim.is_open or (claim.state, claim.fault) == (QuickClaimState.WAITING, reason[:60]):
        return
    if claim.state == QuickClaimState.ASKING:
        message = {"template": "quick_claim_waits", "resident": claim.claimed_by_id}
        enqueue(city=city, kind="notice", key=f"quick-claim-waits-{claim.pk}", payload=message)
    move(claim, QuickClaimState.WAITING, by=queue_actor(city).text, reason=reason[:60])


def answered(city: City, claim_id: int, told: Sequence[BureauSettlement]) -> None:
    """Take what the bureau told, bill by bill. Call it in a transaction.

    Bills go before reversals, so that each reversal finds its bill. One that a person has to look at holds up no other.
    """
    claim = _locked(city, claim_id)
    if not claim.is_open or not is_in_force(city, claim.consent_id):
        return
    waited = claim.state == QuickClaimState.WAITING
    bills: dict[tuple[str, str], QuickClaimBill] = {}
    for one in sorted(told, key=lambda one: one.is_reversal):
        taken = _taken(claim, one)
        if taken.became == Became.HELD:
            bills[one.institution, one.setl_id] = taken
        # What is told twice became known by its first telling.
        bills.setdefault((one.institution, one.setl_id), taken)
    QuickClaimBill.objects.insert(list(bills.values()))
    move(claim, QuickClaimState.ANSWERED, by=queue_actor(city).text, data={"bills": len(bills)})
    if waited or not bills:
        message = {"template": "quick_claim_answered", "resident": claim.claimed_by_id}
        enqueue(city=city, kind="notice", key=f"quick-claim-{claim.pk}", payload=message)


def _taken(claim: QuickClaim, one: BureauSettlement) -> QuickClaimBill:
    taken = take_fetched(city=claim.city, bill=FetchedBill(one.institution, one.institution_name, one.content))
    return QuickClaimBill(
        city=claim.city,
        claim=claim,
        institution=one.institution,
        institution_name=one.institution_name,
        setl_id=one.setl_id,
        settled_on=one.settled_on,
        total=taken.total,
        became=taken.became,
        settlement_id=taken.fact_id,
        review_id=taken.review_id,
        recorded_at=now(claim.city),
    )


def _locked(city: City, claim_id: int) -> QuickClaim:
    """The claim, locked after its person, as where it is made and its consent is taken back."""
    (known,) = QuickClaim.objects.fetch(city, {"id": claim_id})
    (consent,) = FetchConsent.objects.fetch(city, {"id": known.consent_id})
    lock_persons(city, [consent.resident_id])
    (claim,) = QuickClaim.objects.fetch(city, {"id": claim_id}, lock=True)
    return claim
