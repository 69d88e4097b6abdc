"""Claiming by one tap, and giving a claim up while it waits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction

from huimin.platform.claims.api import last_day_of_bills
from huimin.platform.enrolment.api import PolicyFacts, policies_of, policy_by_number, records_guarded_by
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import PersonFacts, lock_persons, persons_by_id
from huimin.platform.quick_claims.consents import ConsentText, record_fetch_consent
from huimin.platform.quick_claims.failures import FETCH, QuickClaimError
from huimin.platform.quick_claims.models import QuickClaim, QuickClaimState
from huimin.platform.quick_claims.moving import move, subject_of
from huimin.platform.tasks.api import enqueue

__all__ = ["Claimable", "claim_quickly", "claimable_policies", "withdraw_quick_claim"]

_KEY = re.compile(r"[0-9a-f]{24,32}")


@dataclass(frozen=True, slots=True)
class Claimable:
    """A policy for which this resident may claim by a tap, and the days for which the bureau would be asked."""

    policy: PolicyFacts
    days: tuple[date, date]
    open_claim: str = field(default="")
    """The key of a claim that is under way; empty where none is."""


def claimable_policies(city: City, resident: PersonFacts) -> list[Claimable]:
    """Policies of the resident and of minors in their care whose cover has begun; none where no bureau can be asked."""
    if not settings.BUREAU:
        return []
    guarded, day = records_guarded_by(city, resident, today(city)), today(city)
    mine = [one for one in policies_of(city, resident) if one.insured_id in guarded and one.member.cover_from <= day]
    rows = QuickClaim.objects.of(city).filter(policy__in=[one.id for one in mine], ended_at=None)
    under_way = dict(rows.values_list("policy_id", "key"))
    return [Claimable(one, _days(one, day), under_way.get(one.id, "")) for one in mine]


def _days(policy: PolicyFacts, day: date) -> tuple[date, date]:
    """From the first day of cover until today, or until the last day on which a bill of the cover may be settled."""
    return policy.member.cover_from, min(day, last_day_of_bills(policy))


def claim_quickly(*, actor: Actor, resident_id: int, policy_number: str, key: str, text: ConsentText) -> str:
    """Record the consent and the claim; a worker asks the bureau in the next moment. Returns the claim's key.

    `key`: drawn by the page. The same key again, or a claim that is under way for the policy, is that claim. Raises
    NotAllowed; QuickClaimError `not_claimable` for a policy of others or whose cover has not begun, `bad_claim_key`.
    """
    authorise(actor, Action.CLAIM_QUICKLY, owner=f"resident:{resident_id}")
    if not _KEY.fullmatch(key):
        raise QuickClaimError("expected a key as the page draws it", code="bad_claim_key")
    with transaction.atomic():
        claimable = _claimable(actor.city, resident_id, policy_number)
        policy = claimable.policy
        lock_persons(actor.city, [policy.insured_id])
        known = _known(actor.city, policy, key)
        return known if known is not None else _claim(actor, resident_id, claimable, key, text)


def _claimable(city: City, resident_id: int, policy_number: str) -> Claimable:
    policy, people = policy_by_number(city, policy_number), persons_by_id(city, [resident_id])
    found = claimable_policies(city, people[resident_id]) if policy is not None and people else []
    for one in found:
        if policy is not None and one.policy.id == policy.id:
            return one
    text = f"policy {policy_number} is none for which this resident may have settlements fetched today"
    raise QuickClaimError(text, code="not_claimable")


def _known(city: City, policy: PolicyFacts, key: str) -> str | None:
    """The claim of this tap, or the one that is under way. Another policy's key is nobody's."""
    rows = QuickClaim.objects.of(city).filter(policy=policy.id)
    known = (rows.filter(key=key) | rows.filter(ended_at=None)).order_by("pk").first()
    if known is None and QuickClaim.objects.of(city).filter(key=key).exists():
        raise QuickClaimError("the key is that of a claim for another policy", code="bad_claim_key")
    return None if known is None else known.key


def _claim(actor: Actor, resident_id: int, claimable: Claimable, key: str, text: ConsentText) -> str:
    city, policy = actor.city, claimable.policy
    consent = record_fetch_consent(
        actor=actor, resident_id=policy.insured_id, given_by=resident_id, days=claimable.days, text=text
    )
    moment = now(city)
    claim = QuickClaim(
        city=city, key=key, policy_id=policy.id, claimed_by_id=resident_id, consent_id=consent, created_at=moment
    )
    QuickClaim.objects.insert([claim])
    data = {"policy": policy.number, "consent": consent}
    history_of(city, subject_of(claim.pk)).append("made", actor=actor.text, at=moment, data=data)
    enqueue(city=city, kind=FETCH, key=key, payload={"claim": claim.pk})
    return key


@transaction.atomic
def withdraw_quick_claim(*, actor: Actor, resident_id: int, key: str) -> bool:
    """Give the claim up while it waits for the bureau. False where there is nothing left to give up.

    Raises NotAllowed; QuickClaimError `claim_not_known` for one of others.
    """
    authorise(actor, Action.CLAIM_QUICKLY, owner=f"resident:{resident_id}")
    claim: QuickClaim | None = QuickClaim.objects.fetch_one(actor.city, {"key": key}, lock=True)
    if claim is None or claim.claimed_by_id != resident_id:
        raise QuickClaimError("no claim with this key is this resident's", code="claim_not_known")
    if not claim.is_open:
        return False
    move(claim, QuickClaimState.WITHDRAWN, by=actor.text)
    return True
