"""What a person does about a held bill: confirms a fact, asks for the bill again, or refuses it. Nobody types money.

A finding says which fact is so; what the plan pays follows from it by the program. Above the city's amount a second
person must agree before anything is paid. Finding, closing, decision and audit are one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from huimin.errors import HuiminError, Refusal
from huimin.money import format_yuan
from huimin.platform.claims.answers import SettlementAnswer
from huimin.platform.claims.known import known_of
from huimin.platform.claims.messages import Message, message_of
from huimin.platform.claims.models import Finding, Owing, ReviewFinding, ReviewItem, SettlementFact
from huimin.platform.claims.outcome import Outcome, WouldPay, work_out
from huimin.platform.enrolment.api import lock_policies_of_members
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, writing_together

__all__ = ["CONFLICT", "Found", "ReviewError", "agree", "close_resent", "find", "findings_for"]

CONFLICT = "conflicting_duplicate"
_DECIDING = (Finding.RELEASE, Finding.RELEASE_CREDITED, Finding.SECOND_STANDS)
_OF_CONFLICT = (Finding.SECOND_STANDS, Finding.FIRST_STANDS, Finding.ASK_AGAIN)
_OF_REVERSALS = (Finding.RELEASE, Finding.REFUSE, Finding.ASK_AGAIN)
_OF_BILLS = (Finding.RELEASE, Finding.RELEASE_CREDITED, Finding.REFUSE, Finding.ASK_AGAIN)


class ReviewError(HuiminError):
    code = "review"


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a finding: the answer where the bill was decided, and whether a second person must agree first."""

    answer: SettlementAnswer | None = None
    needs_second: bool = False


def find(*, actor: Actor, review_id: int, finding: Finding, note: str) -> Found:
    """Record what a handler found of a held bill, and do what follows from it.

    Raises NotAllowed; ReviewError: `note_missing`, `review_closed`, `wrong_finding`, or the code for which the bill
    would be held again, when what was confirmed does not make it decidable.
    """
    authorise(actor, Action.FIND)
    _refuse_without_note(note)
    city = actor.city
    with writing_together():
        review, _ = _locked(city, review_id)
        if finding not in findings_for(review):
            raise ReviewError(f"{finding} is not a finding for a bill held as {review.code}", code="wrong_finding")
        moment = now(city)
        outcome = _outcome(review, finding, moment) if finding in _DECIDING else None
        would_pay = outcome.would_pay() if outcome is not None else None
        needs_second = would_pay is not None and would_pay.amount() > city.second_person_above
        row = _record(review, finding, note, actor, moment, would_pay, needs_second=needs_second)
        if needs_second or finding == Finding.ASK_AGAIN:
            return Found(needs_second=needs_second)
        return _carry_out(review, row, outcome, moment)


def agree(*, actor: Actor, review_id: int, agrees: bool, note: str) -> Found:
    """The second person agrees with a large finding, which is then carried out; or sends the bill back to the first.

    Nothing is paid but what the first person saw. Where the year has changed since, so that other amounts would be
    paid, that is recorded, and the bill is the first person's again.

    Raises ReviewError as `find` does, and `nothing_to_agree`, `same_person` or `outcome_changed`.
    """
    authorise(actor, Action.AGREE)
    _refuse_without_note(note)
    found = _agree(actor, review_id, agrees, note)
    if isinstance(found, ReviewError):
        raise found  # here, since what was recorded of it is to stay
    return found


def _agree(actor: Actor, review_id: int, agrees: bool, note: str) -> Found | ReviewError:
    """What comes of it; or why it is to be found again, which is recorded then."""
    city = actor.city
    with writing_together():
        review, findings = _locked(city, review_id)
        first = findings[-1] if findings else None
        if first is None or not first.needs_second:
            raise ReviewError("no finding waits for a second person here", code="nothing_to_agree")
        if first.actor == actor.text:
            raise ReviewError("the second person must be another than the first", code="same_person")
        moment = now(city)
        if not agrees:
            _record(review, Finding.SENT_BACK, note, actor, moment, agrees_with=first, amount=first.amount)
            return Found()
        outcome = _outcome(review, Finding(first.finding), moment)
        would_pay = outcome.would_pay()
        if not _as_seen(first, would_pay):
            _record(review, Finding.OUTDATED, note, actor, moment, would_pay, agrees_with=first)
            return _outcome_changed(first, would_pay)
        row = _record(review, Finding(first.finding), note, actor, moment, would_pay, agrees_with=first)
        return _carry_out(review, row, outcome, moment)


def _as_seen(first: ReviewFinding, would_pay: WouldPay) -> bool:
    """Whether the first person saw what would be paid now. Of older findings only the amount was kept."""
    if first.would_pay is None:
        return bool(first.amount == would_pay.amount())
    return WouldPay(**first.would_pay) == would_pay


def _outcome_changed(first: ReviewFinding, now_pays: WouldPay) -> ReviewError:
    seen = WouldPay(**first.would_pay) if first.would_pay is not None else None
    values = {
        "bill_then": format_yuan(seen.bill if seen else first.amount),
        "years_then": format_yuan(sum(seen.years.values())) if seen else "—",
        "bill_now": format_yuan(now_pays.bill),
        "years_now": format_yuan(sum(now_pays.years.values())),
    }
    text = (
        "the year has changed since the finding: it saw {bill_then} on the bill and {years_then} in the year's total; "
        "now it would be {bill_now} and {years_now}. Nothing was paid; the handler must look at it again"
    )
    return ReviewError(text.format(**values), code="outcome_changed", values=values)


def findings_for(review: ReviewItem) -> tuple[Finding, ...]:
    """What may be found of this bill."""
    if review.code == CONFLICT:
        return _OF_CONFLICT
    return _OF_REVERSALS if json.loads(review.body).get("reverses") else _OF_BILLS


def close_resent(reviews: Sequence[ReviewItem], fact: SettlementFact, moment: datetime) -> None:
    """The sender sent a held bill again and it was decided: it leaves the queue, with a link to what came of it."""
    for review in reviews:
        if review.closed_at is None:
            _close(review, "decided_on_resend", "", f"client:{fact.client_id}", moment, fact)


def _refuse_without_note(note: str) -> None:
    if not note.strip():
        raise ReviewError("say why: the note is part of the record", code="note_missing")


def _locked(city: City, review_id: int) -> tuple[ReviewItem, list[ReviewFinding]]:
    """The open review, locked after its member's policies: a bill that is sent again locks in the same order."""
    seen = ReviewItem.objects.of(city).filter(pk=review_id).values_list("psn_no", flat=True).first()
    if seen is not None:
        lock_policies_of_members(city, seen)
    found = ReviewItem.objects.fetch(city, {"id": review_id, "closed_at": None}, lock=True)
    if not found:
        raise ReviewError("this review is closed already, or never was", code="review_closed")
    findings = ReviewFinding.objects.fetch(city, {"review": review_id}, order_by=("id",))
    return found[0], findings


def _outcome(review: ReviewItem, finding: Finding, moment: datetime) -> Outcome:
    """What the bill's content comes to now. Raises ReviewError where it would be held again."""
    message = _message(review)
    settlement = message.settlement
    earlier = _earlier(message)
    credited = finding == Finding.RELEASE_CREDITED or _answered_at_counter(earlier)
    message = replace(message, at_counter=credited)
    members = {settlement.psn_no, *(fact.psn_no for fact in earlier)}
    policies = lock_policies_of_members(review.city, *sorted(members))
    found = work_out(message, policies, known_of(message, policies), moment)
    if isinstance(found, Refusal):
        raise ReviewError(found.reason, code=found.code, values=found.values)
    return found


def _message(review: ReviewItem) -> Message:
    client = review.client
    client.city = review.city
    return message_of(client, json.loads(review.body))


def _earlier(message: Message) -> list[SettlementFact]:
    """Of a conflict: what the id was so far, by arrival."""
    rows = SettlementFact.objects.of(message.client.city).filter(
        client=message.client, setl_id=message.settlement.setl_id
    )
    return list(rows.defer("body", "care").order_by("pk"))


def _answered_at_counter(earlier: Sequence[SettlementFact]) -> bool:
    """Whether the sender was answered the bill before, so that another content corrects what it credited."""
    last = earlier[-1] if earlier else None
    return last is not None and last.reverses is None and last.owing != Owing.AFTERWARDS


def _carry_out(review: ReviewItem, row: ReviewFinding, outcome: Outcome | None, moment: datetime) -> Found:
    if outcome is not None:
        outcome.store(moment)
    _close(review, row.finding, row.note, row.actor, moment, outcome.fact if outcome else None)
    return Found(outcome.answer() if outcome else None)


def _record(
    review: ReviewItem,
    finding: Finding,
    note: str,
    actor: Actor,
    moment: datetime,
    would_pay: WouldPay | None = None,
    **fields: Any,
) -> ReviewFinding:
    if would_pay is not None:
        fields |= {"would_pay": asdict(would_pay), "amount": would_pay.amount()}
    row = ReviewFinding(
        city=review.city, review=review, finding=finding, note=note, actor=actor.text, at=moment, **fields
    )
    ReviewFinding.objects.insert([row])
    detail = {"amount": row.amount, "needs_second": row.needs_second}
    record_audit(
        city=review.city,
        actor=row.actor,
        action=f"finding_{finding}",
        subject=f"review:{review.pk}",
        at=moment,
        detail=detail,
    )
    return row


def _close(
    review: ReviewItem, outcome: str, note: str, actor: str, moment: datetime, fact: SettlementFact | None
) -> None:
    review.closed_at, review.closed_by, review.outcome, review.note = moment, actor, outcome, note
    review.settlement = fact
    ReviewItem.objects.rewrite(review, "closed_at", "closed_by", "outcome", "note", "settlement")
    record_audit(city=review.city, actor=actor, action=f"review_{outcome}", subject=f"review:{review.pk}", at=moment)
