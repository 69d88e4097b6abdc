"""Payouts that were not sent to the bank yet and of which less is due now: they are made again for what is due."""

from __future__ import annotations

from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.approvals.services import drop
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.ledger.api import overpaid_by_fact, owed_by_fact, policy_party, post
from huimin.platform.payouts.entries import returned_entries
from huimin.platform.payouts.models import ClaimPayout, PayoutPart, PayoutStatus
from huimin.platform.payouts.subject import LARGE_PAYOUT, subject_of

__all__ = ["withdraw_outdated"]

_UNASKED = (PayoutStatus.FOR_SECOND_PERSON, PayoutStatus.WAITING)
_WHY = "金额已变，重新付款（the amount has changed; it is paid anew）"


def withdraw_outdated(policy: PolicyFacts) -> None:
    """Call it in a transaction with the policy locked, before its bills are settled.

    What the bank was asked for already goes on: what is too much of it is owed back.
    """
    city, party = policy.city, policy_party(policy.number)
    too_much = any(fen < 0 for fen in owed_by_fact(city, party).values()) or overpaid_by_fact(city, party)
    if not too_much:
        return
    where = {"policy_number": policy.number, "status": _UNASKED}
    for key in [payout.pk for payout in ClaimPayout.objects.fetch(city, where, order_by=("id",))]:
        # The proposal before the payout, as where somebody agrees to it.
        drop(city=city, use_case=LARGE_PAYOUT, subject=subject_of(key), by=queue_actor(city).text, reason=_WHY)
        for payout in ClaimPayout.objects.fetch(city, {"id": key, "status": _UNASKED}, lock=True):
            _withdraw(payout)


def _withdraw(payout: ClaimPayout) -> None:
    city, moment, by = payout.city, now(payout.city), queue_actor(payout.city).text
    parts = PayoutPart.objects.fetch(city, {"payout": payout.pk}, order_by=("id",))
    payout.status, payout.ended_at = PayoutStatus.WITHDRAWN, moment
    ClaimPayout.objects.rewrite(payout, "status", "ended_at")
    post(city=city, entries=list(returned_entries(payout, parts)), at=moment)
    history_of(city, subject_of(payout.pk)).append("withdrawn", actor=by, at=moment, reason=_WHY)
