"""Payouts, read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.selectors import open_proposals_on
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.payouts.models import ClaimPayout, PayoutPart, PayoutStatus
from huimin.platform.payouts.subject import LARGE_PAYOUT, SUBJECT

__all__ = [
    "PaidBill",
    "PayoutFacts",
    "open_payouts",
    "payouts_numbered",
    "payouts_of_bills",
    "payouts_of_payee",
    "payouts_open",
    "payouts_to_hospital",
    "proposed_payouts",
]

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """A payout as others see it. `amount` in fen; `fault`: why it came back, as a code."""

    id: int
    policy_number: str
    """Empty where a hospital is paid."""
    payee_id: int | None
    hospital: str
    """The hospital or pharmacy that is paid, as the journal names it; empty where the insured are."""
    last_four: str
    amount: int
    status: PayoutStatus
    fault: str
    created_at: datetime
    due_on: date
    ended_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it is paid, or on its way."""
        return self.status not in (PayoutStatus.RETURNED, PayoutStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class PaidBill:
    """What of a payout is for one bill. `source`: the bill's name in the journal; `amount` in fen."""

    source: str
    amount: int
    payout: PayoutFacts


def payouts_of_bills(city: City, policy_number: str, sources: Collection[str]) -> list[PaidBill]:
    """What was paid, or is being paid, for these bills of a policy, in the order in which the payouts were made."""
    parts = PayoutPart.objects.of(city).filter(payout__policy_number=policy_number, source__in=list(sources))
    rows = parts.select_related("payout__account").order_by("payout", "pk")
    return [PaidBill(row.source, row.amount, _facts(row.payout)) for row in rows]


def payouts_of_payee(city: City, resident_id: int) -> list[PayoutFacts]:
    """The newest first."""
    rows = ClaimPayout.objects.of(city).filter(payee=resident_id).select_related("account").order_by("-pk")
    return [_facts(row) for row in rows[:_SHOWN]]


def open_payouts(city: City, page: int) -> Paged[PayoutFacts]:
    """Those that are under way, and those that came back, the oldest first."""
    unpaid = (
        ClaimPayout.objects.of(city)
        .exclude(status__in=(PayoutStatus.PAID, PayoutStatus.WITHDRAWN))
        .select_related("account", "hospital_account")
    )
    found = paged(unpaid.order_by("created_at", "pk"), page)
    return replace(found, rows=[_facts(row) for row in found])


def payouts_open(city: City) -> int:
    """How many wait for a person."""
    return ClaimPayout.objects.of(city).filter(status=PayoutStatus.FOR_SECOND_PERSON).count()


def proposed_payouts(city: City, payout_ids: Collection[int]) -> dict[int, Proposal]:
    """What waits for a second person of these payouts, by payout."""
    found = open_proposals_on(city, LARGE_PAYOUT, SUBJECT, [str(one) for one in payout_ids])
    return {int(proposal.subject.id): proposal for proposal in found}


def payouts_to_hospital(city: City, party: str) -> dict[int, PayoutFacts]:
    """Every payout to a hospital or pharmacy by its number, in the order in which they were made."""
    rows = ClaimPayout.objects.of(city).filter(hospital=party).select_related("account", "hospital_account")
    return {row.pk: _facts(row) for row in rows.order_by("pk")}


def payouts_numbered(city: City, numbers: Collection[int]) -> dict[int, PayoutFacts]:
    """These payouts by their numbers."""
    rows = ClaimPayout.objects.of(city).filter(pk__in=list(numbers)).select_related("account", "hospital_account")
    return {row.pk: _facts(row) for row in rows.order_by("pk")} if numbers else {}


def _facts(row: ClaimPayout) -> PayoutFacts:
    account = row.account or row.hospital_account
    assert account is not None  # noqa: S101 - the database has it that one of the two is there
    return PayoutFacts(
        id=row.pk,
        policy_number=row.policy_number,
        payee_id=row.payee_id,
        hospital=row.hospital,
        last_four=account.last_four,
        amount=row.amount,
        status=PayoutStatus(row.status),
        fault=row.fault,
        created_at=timezone.localtime(row.created_at),
        due_on=row.due_on,
        ended_at=None if row.ended_at is None else timezone.localtime(row.ended_at),
    )
