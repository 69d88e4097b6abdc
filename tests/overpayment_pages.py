"""A policy on which something was paid too much, in each state that pages show."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from acting import acting
from huimin.platform.claims.models import SettlementFact
from huimin.platform.enrolment.ending import policy_by_number
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.ledger.entries import Owed, claim_decided
from huimin.platform.ledger.parties import Party, PartyKind
from huimin.platform.ledger.parties import policy as policy_party
from huimin.platform.ledger.services import post
from huimin.platform.payouts.models import ClaimPayout, PayoutPart
from huimin.platform.payouts.overpayments.letters import tell_of_debt
from huimin.platform.payouts.overpayments.waiving import propose_waiver
from payouts_support import account_given
from servicing_support import day_is

__all__ = ["owes_back", "paid_and_overpaid"]

OVERPAID = 5_500_00


def owes_back(city: City, policy: Policy, *, proposed: bool = False, late: bool = False) -> None:
    """5,500 yuan are owed back on the policy, and were asked for: `late`, a month ago; `proposed`, to be waived."""
    bill = SettlementFact.objects.of(city).filter(reverses=None).order_by("pk")[0]
    _paid_too_much(city, policy, f"settlement:hospital-1:{bill.setl_id}")
    if late:
        day_is(city, today(city) + timedelta(days=31))
    if proposed:
        propose_waiver(actor=acting(city, "handler"), policy_number=policy.number, note="低保户，无力退还")


def paid_and_overpaid(city: City, bill: SettlementFact) -> None:
    """5,500 yuan were paid out for this bill, and turned out to be too much."""
    assert bill.policy is not None
    source = f"settlement:{bill.payee}:{bill.setl_id}"
    payout = ClaimPayout.objects.create(
        city=city,
        key="paid",
        policy_number=bill.policy.number,
        payee=bill.policy.insured,
        account_id=account_given(bill.policy.insured).id,
        amount=OVERPAID,
        created_at=now(city),
        due_on=today(city),
        status="paid",
        paid_at=now(city),
        ended_at=now(city),
    )
    PayoutPart.objects.create(city=city, payout=payout, source=source, amount=OVERPAID, recorded_at=now(city))
    _paid_too_much(city, bill.policy, source)


def _paid_too_much(city: City, policy: Policy, source: str) -> None:
    """As where a hospital has credited what the year no longer pays."""
    entry = claim_decided(
        source=source,
        cause="x",
        sender=Party(PartyKind.HOSPITAL, "hospital-1"),
        insured=policy_party(policy.number),
        before=Owed(OVERPAID),
        after=Owed(OVERPAID, -OVERPAID),
    )
    facts = policy_by_number(city, policy.number)
    assert facts is not None
    with transaction.atomic():
        post(city=city, entries=[entry], at=now(city))
        tell_of_debt(facts, OVERPAID, "queue")
