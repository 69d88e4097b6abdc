"""Computes the entries of payouts and overpayments again from their rows, and names a payout whose bills do not add up
to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from huimin.platform.enrolment.api import policy_by_number
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.payouts.entries import payout_entries
from huimin.platform.payouts.models import ClaimPayout, OverpaymentMove, PayoutPart
from huimin.platform.payouts.overpayments.entries import entries_of_moves

__all__ = ["recompute_payouts"]


def recompute_payouts(city: City, result: Verification) -> Iterator[Entry]:
    parts: dict[int, list[PayoutPart]] = defaultdict(list)
    for part in PayoutPart.objects.of(city).order_by("pk"):
        parts[part.payout_id].append(part)
    for payout in ClaimPayout.objects.of(city).order_by("pk"):
        result.counts["payouts"] += 1
        of_bills = sum(part.amount for part in parts[payout.pk])
        if of_bills != payout.amount:
            result.faults.append(f"payouts: {payout.key} is {payout.amount} fen and its bills {of_bills} fen")
        yield from payout_entries(payout, parts[payout.pk])
    yield from _overpayments(city, result)


def _overpayments(city: City, result: Verification) -> Iterator[Entry]:
    moves: dict[str, list[OverpaymentMove]] = defaultdict(list)
    for move in OverpaymentMove.objects.of(city).order_by("pk"):
        moves[move.policy_number].append(move)
    for number, of_policy in moves.items():
        result.counts["overpayments"] += 1
        policy = policy_by_number(city, number)
        if policy is None:
            result.faults.append(f"overpayments: {number} is no policy of the city")
        else:
            yield from entries_of_moves(policy, of_policy)
