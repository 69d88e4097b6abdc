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
from huimin.platform.ledger.entries import overpayment_found
from huimin.platform.ledger.parties import policy as policy_party
from huimin.platform.ledger.services import post
from huimin.platform.payouts.overpayments.letters import tell_of_debt
from huimin.platform.payouts.overpayments.waiving import propose_waiver
from servicing_support import day_is

__all__ = ["owes_back"]

OVERPAID = 5_500_00


def owes_back(city: City, policy: Policy, *, proposed: bool = False, late: bool = False) -> None:
    """5,500 yuan are owed back on the policy, and were asked for: `late`, a month ago; `proposed`, to be waived."""
    bill = SettlementFact.objects.of(city).filter(reverses=None).order_by("pk")[0]
    source = f"settlement:hospital-1:{bill.setl_id}"
    entry = overpayment_found(source=source, cause="x", insured=policy_party(policy.number), amount=OVERPAID)
    facts = policy_by_number(city, policy.number)
    assert facts is not None
    with transaction.atomic():
        post(city=city, entries=[entry], at=now(city))
        tell_of_debt(facts, OVERPAID, "queue")
    if late:
        day_is(city, today(city) + timedelta(days=31))
    if proposed:
        propose_waiver(actor=acting(city, "handler"), policy_number=policy.number, note="低保户，无力退还")
