"""The journal entries of a payout, from its row and parts: for posting, and for verifying what was posted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings

from huimin.platform.ledger.api import (
    Entry,
    Party,
    bank_party,
    parse_party,
    payout_came_back,
    payout_confirmed,
    payout_returned,
    payout_sent,
    policy_party,
)
from huimin.platform.payouts.models import ClaimPayout, PayoutPart, PayoutStatus

__all__ = ["came_back_entries", "confirmed_entries", "payout_entries", "returned_entries", "sent_entries"]


def sent_entries(payout: ClaimPayout, parts: Iterable[PayoutPart]) -> Iterator[Entry]:
    for part in parts:
        yield payout_sent(source=part.source, cause=_cause(payout), payee=_payee(payout), amount=part.amount)


def confirmed_entries(payout: ClaimPayout, parts: Iterable[PayoutPart]) -> Iterator[Entry]:
    bank = bank_party(settings.BANK_CODE)
    for part in parts:
        yield payout_confirmed(
            source=part.source, cause=_cause(payout), payee=_payee(payout), bank=bank, amount=part.amount
        )


def returned_entries(payout: ClaimPayout, parts: Iterable[PayoutPart]) -> Iterator[Entry]:
    """It never left the bank."""
    for part in parts:
        yield payout_returned(source=part.source, cause=_cause(payout), payee=_payee(payout), amount=part.amount)


def came_back_entries(payout: ClaimPayout, parts: Iterable[PayoutPart]) -> Iterator[Entry]:
    """It was paid, and came back to our account."""
    bank = bank_party(settings.BANK_CODE)
    for part in parts:
        yield payout_came_back(
            source=part.source, cause=_cause(payout), payee=_payee(payout), bank=bank, amount=part.amount
        )


def payout_entries(payout: ClaimPayout, parts: list[PayoutPart]) -> Iterator[Entry]:
    """Everything that the journal has of a payout that stands as its row says."""
    yield from sent_entries(payout, parts)
    if payout.paid_at is not None:
        yield from confirmed_entries(payout, parts)
    if payout.status in (PayoutStatus.RETURNED, PayoutStatus.WITHDRAWN):
        yield from (returned_entries if payout.paid_at is None else came_back_entries)(payout, parts)


def _cause(payout: ClaimPayout) -> str:
    return f"payout:{payout.key}"


def _payee(payout: ClaimPayout) -> Party:
    return parse_party(payout.hospital) if payout.hospital else policy_party(payout.policy_number)
