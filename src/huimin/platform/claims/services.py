"""Receiving settlements: decided within the request, or kept for a human look. Nothing is lost, nothing half done."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from huimin.adjudication import MemberYear
from huimin.errors import HuiminError, InputError, Refusal
from huimin.money import parse_yuan
from huimin.platform.catalogue.selectors import Terms, terms_by_digest
from huimin.platform.claims.answers import answer, answer_as_of
from huimin.platform.claims.member_year import Change, changes, claims_of, decide_year, decisions_so_far, version_row
from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.selectors import lock_policies_of_member
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.services import content_digest, enqueue, record_audit, writing_together
from huimin.platform.ledger.services import Entry, post
from huimin.platform.pool.services import claim_entries
from huimin.settlement import Settlement, check_amounts
from huimin.settlement.care import care_to_row
from huimin.settlement.content import bill_content, refuse_what_cannot_be_kept
from huimin.settlement.reading import settlement_from_row

__all__ = ["Held", "ReviewError", "close_review", "correct_review", "receive_settlement"]

_CLOCK_TOLERANCE = timedelta(hours=24)
"""A bill may be dated this far ahead of our clock: hospitals' clocks differ, a whole day cannot."""


class ReviewError(HuiminError):
    code = "review"


@dataclass(frozen=True, slots=True)
class Held:
    """The bill was not adjudicated. It is kept for review, with the reason."""

    refusal: Refusal
    review: ReviewItem | None


def receive_settlement(*, client: ApiClient, body: Mapping[str, str]) -> dict[str, Any] | Held:
    """One bill or reversal, by national field names, as text. Returns the answer, or Held with the reason.

    The same message again gets the same answer. The same `setl_id` with other content is held as `conflict`. Locks
    the member's policies, recomputes the year, appends new versions of what changed and posts the differences.
    Raises InputError (`missing_id`, `bad_text`) when there is no `setl_id` to keep the bill under, or a field holds
    what no database takes.
    """
    settlement = settlement_from_row({"setl_id": "", "psn_no": "", "setl_time": "", **body})
    refuse_what_cannot_be_kept(settlement)
    digest = content_digest(bill_content(settlement, body))
    try:
        with writing_together():
            return _receive(client, body, settlement, digest)
    except IntegrityError:
        # The id exists under another member, or arrived twice at one moment under two of them.
        with transaction.atomic():
            return _hold(client, body, settlement, digest, _conflict(settlement))


def _receive(client: ApiClient, body: Mapping[str, str], settlement: Settlement, digest: str) -> dict[str, Any] | Held:
    city, moment = client.city, now(client.city)
    policies = lock_policies_of_member(city, settlement.psn_no)
    policy = next((p for p in policies if p.member().covers(settlement.setl_time.date())), None)
    refusal = _refuse(settlement, policies, policy, moment)
    if policy is None or refusal is not None:
        return _hold(client, body, settlement, digest, refusal or _uncovered(settlement, policies))
    facts = _facts(policy)
    known = next((fact for fact in facts if fact.setl_id == settlement.setl_id), None)
    terms = terms_by_digest(city, policy.plan_year_id, policy.plan_digest)
    if known is not None:
        if known.content_digest != digest:
            return _hold(client, body, settlement, digest, _conflict(settlement))
        return answer_as_of(terms, policy, facts, known)
    fact = _fact(client, body, settlement, digest, policy, moment)
    before = decide_year(terms, policy, facts)
    year = decide_year(terms, policy, [*facts, fact])
    refusal = _refusal_of(year, settlement)
    if refusal is not None:
        return _hold(client, body, settlement, digest, refusal)
    SettlementFact.objects.insert([fact])
    _apply(city, policy, terms, fact, [*facts, fact], year, moment)
    return answer(terms, policy, before, year, fact)


def _refuse(
    settlement: Settlement, policies: Sequence[Policy], policy: Policy | None, moment: datetime
) -> Refusal | None:
    """Why a bill is held before its year is looked at. A reversal's amounts decide nothing and are not checked."""
    unreadable_date = settlement.fault is not None and settlement.fault.code == "bad_date"
    if unreadable_date or settlement.reverses is None:
        refusal = check_amounts(settlement)
        if refusal is not None:
            return refusal
    if timezone.make_aware(settlement.setl_time) > moment + _CLOCK_TOLERANCE:
        reason = f"setl_time is {settlement.setl_time}, which is still to come"
        return Refusal(settlement.setl_id, "settlement_in_future", reason, {"found": str(settlement.setl_time.date())})
    if not policies:
        return Refusal(settlement.setl_id, "unknown_member", "no policy has this psn_no")
    if policy is None:
        return _uncovered(settlement, policies)
    return None


def _uncovered(settlement: Settlement, policies: Sequence[Policy]) -> Refusal:
    periods = ", ".join(f"{policy.cover_from} to {policy.cover_to}" for policy in policies)
    day = settlement.setl_time.date()
    reason = f"the bill is of {day}; the member is covered from {periods}"
    spans = "; ".join(f"{policy.cover_from}–{policy.cover_to}" for policy in policies)
    return Refusal(settlement.setl_id, "uncovered_date", reason, {"day": str(day), "periods": spans})


def _conflict(settlement: Settlement) -> Refusal:
    reason = f"settlement {settlement.setl_id} was received before with other content; the first stands"
    return Refusal(settlement.setl_id, "conflicting_duplicate", reason)


def _facts(policy: Policy) -> list[SettlementFact]:
    return SettlementFact.objects.fetch(policy.city, "policy_id = %s ORDER BY id", policy.pk, without=("body",))


def _fact(
    client: ApiClient,
    body: Mapping[str, str],
    settlement: Settlement,
    digest: str,
    policy: Policy,
    moment: datetime,
) -> SettlementFact:
    care = care_to_row(settlement.care)
    return SettlementFact(
        city=client.city,
        policy=policy,
        client=client,
        payee=client.code,
        setl_id=settlement.setl_id,
        psn_no=settlement.psn_no,
        setl_time=timezone.make_aware(settlement.setl_time),
        med_type=settlement.med_type,
        amounts=dict(settlement.amounts),
        admission=settlement.admission,
        discharge=settlement.discharge,
        reverses=settlement.reverses,
        care=json.dumps(care, ensure_ascii=False) if care else None,
        body=json.dumps(dict(body), ensure_ascii=False),
        content_digest=digest,
        received_at=moment,
    )


def _refusal_of(year: MemberYear, settlement: Settlement) -> Refusal | None:
    """Why the core refuses this settlement; a reversal that came before its bill is not refused, it waits."""
    refusal = next((refusal for refusal in year.refused if refusal.setl_id == settlement.setl_id), None)
    return None if refusal is not None and refusal.code == "reverses_unknown" else refusal


def _apply(
    city: City,
    policy: Policy,
    terms: Terms,
    cause: SettlementFact,
    facts: Sequence[SettlementFact],
    year: MemberYear,
    moment: datetime,
) -> None:
    """Append what the new fact changed: versions, journal entries, a message to the resident."""
    # With the first fact of a year there is nothing before it to ask for.
    changed = changes(year, facts, decisions_so_far(policy) if len(facts) > 1 else {})
    if not changed:
        return
    BenefitDecisionVersion.objects.queue(version_row(policy, change, cause, moment) for change in changed)
    post(city=city, entries=_entries(city, policy, terms, cause, year, facts, changed), at=moment)
    message = {"template": "claim_decided", "policy": policy.number, "resident": policy.insured_id}
    enqueue(city=city, topic="notice", key=f"claim-{cause.pk}", payload=message, at=moment)


def _entries(
    city: City,
    policy: Policy,
    terms: Terms,
    cause: SettlementFact,
    year: MemberYear,
    facts: Sequence[SettlementFact],
    changed: Sequence[Change],
) -> list[Entry]:
    allowances = {benefit.id for benefit in terms.program.benefits if benefit.allowance is not None}
    after = {decision.settlement.setl_id: decision for decision in year.decisions}
    claims = []
    for fact in facts:
        mine = [change for change in changed if change.fact is fact]
        for claim in claims_of(policy, fact, after.get(fact.setl_id)) if mine else ():
            to_person = claim.payee != fact.payee
            own = [change for change in mine if (change.benefit in allowances) == to_person]
            difference = sum(change.payable - change.before for change in own)
            if difference:
                claims.append(replace(claim, before=claim.after - difference))
    if not claims:
        return []
    return claim_entries(
        city=city, plan_year_id=policy.plan_year_id, cause=f"settlement:{cause.setl_id}", claims=claims
    )


def _hold(client: ApiClient, body: Mapping[str, str], settlement: Settlement, digest: str, refusal: Refusal) -> Held:
    """Keep the message for review; the same message again finds what was kept."""
    review, _ = ReviewItem.objects.of(client.city).get_or_create(
        city=client.city,
        setl_id=settlement.setl_id,
        content_digest=digest,
        defaults={
            "client": client,
            "psn_no": settlement.psn_no,
            "body": json.dumps(dict(body), ensure_ascii=False),
            "code": refusal.code,
            "reason": refusal.reason,
            "values": dict(refusal.values),
            "amount": max(0, settlement.amounts.get("medfee_sumamt", 0)),
            "received_at": now(client.city),
        },
    )
    return Held(refusal, review)


def correct_review(
    *, city: City, review_id: int, corrections: Mapping[str, str], note: str, actor: str
) -> dict[str, Any] | Held:
    """Send a held bill through again, with amounts that a handler corrected (yuan, as text) and why.

    Closes the review when the bill is then decided; a bill that is held again stays open. Raises ReviewError.
    """
    review = _open_review(city, review_id, note)
    for name, amount in corrections.items():
        try:
            parse_yuan(amount)
        except InputError as error:
            values = {"field": name, "found": amount}
            raise ReviewError(f"{name}: {error.message}", code="bad_amount", values=values) from error
    body = {**json.loads(review.body), **corrections}
    result = receive_settlement(client=review.client, body=body)
    if isinstance(result, Held):
        return result
    _close(review, "corrected" if corrections else "released", note, actor)
    return result


def close_review(*, city: City, review_id: int, note: str, actor: str) -> None:
    """Put a held bill aside for good, with the reason. Raises ReviewError."""
    _close(_open_review(city, review_id, note), "refused", note, actor)


def _open_review(city: City, review_id: int, note: str) -> ReviewItem:
    review: ReviewItem | None = (
        ReviewItem.objects.of(city).select_related("client__city").filter(pk=review_id, closed_at=None).first()
    )
    if review is None:
        raise ReviewError("this review is closed already, or never was", code="review_closed")
    if not note.strip():
        raise ReviewError("say why: the note is part of the record", code="note_missing")
    return review


@transaction.atomic
def _close(review: ReviewItem, outcome: str, note: str, actor: str) -> None:
    moment = now(review.city)
    ReviewItem.objects.of(review.city).filter(pk=review.pk).update(
        closed_at=moment, closed_by=actor, outcome=outcome, note=note
    )
    record_audit(city=review.city, actor=actor, action=f"review_{outcome}", subject=f"review:{review.pk}", at=moment)
