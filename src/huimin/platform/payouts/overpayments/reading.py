"""What is owed back, read: for staff by policy, for a resident with the bills that it comes from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.selectors import open_proposals_on
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.clocks import State
from huimin.platform.foundation.clocks.declared import CityDays, days_of_city
from huimin.platform.foundation.events.recording import History, histories_of
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import overpaid_by_fact, overpaid_policies, policy_party
from huimin.platform.payouts.models import OverpaymentKind, OverpaymentMove
from huimin.platform.payouts.overpayments.letters import SUBJECT, Told, clock_of_debt, was_reminded
from huimin.platform.payouts.overpayments.waiving import WAIVER

__all__ = [
    "Debt",
    "debt_of_bills",
    "debts_late",
    "debts_of_policies",
    "kept_of_bills",
    "open_debts",
    "proposed_waivers",
]


@dataclass(frozen=True, slots=True)
class Debt:
    """What is owed back on a policy, in fen. `due_on`: the last day; None where it was not asked for yet.

    `bills`: what of it is for which bill, by the bill's name in the journal; empty in lists for staff.
    """

    policy_number: str
    amount: int
    asked_on: date | None
    due_on: date | None
    late: bool
    reminded: bool
    bills: tuple[tuple[str, int], ...] = ()


def open_debts(city: City) -> list[Debt]:
    """Of every policy on which something is owed back, what is due first before the rest."""
    owed, days = overpaid_policies(city), days_of_city(city)
    histories = histories_of(city, SUBJECT, owed)
    found = [_debt(number, fen, histories[number], days, today(city)) for number, fen in owed.items()]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.policy_number))


def debts_late(city: City) -> int:
    """On how many policies the last day has passed."""
    return sum(one.late for one in open_debts(city))


def debts_of_policies(city: City, policies: Collection[PolicyFacts]) -> list[Debt]:
    """Those of these policies, with their bills."""
    owed = {policy.number: overpaid_by_fact(city, policy_party(policy.number)) for policy in policies}
    owed = {number: bills for number, bills in owed.items() if sum(bills.values()) > 0}
    histories, days = histories_of(city, SUBJECT, owed), days_of_city(city)
    return [
        _debt(number, sum(bills.values()), histories[number], days, today(city), tuple(bills.items()))
        for number, bills in owed.items()
    ]


def debt_of_bills(city: City, policy_number: str, sources: Collection[str]) -> int:
    """What is still owed back for these bills of a policy, in fen."""
    owed = overpaid_by_fact(city, policy_party(policy_number))
    return max(0, sum(owed.get(source, 0) for source in sources))


def kept_of_bills(city: City, policy_number: str, sources: Collection[str]) -> int:
    """What of these bills' claims was kept, in fen, against what was paid too much for other bills of the policy."""
    rows = OverpaymentMove.objects.of(city).filter(policy_number=policy_number, kind=OverpaymentKind.SET_OFF)
    found = rows.filter(kept_of__in=list(sources)).exclude(source=F("kept_of")).aggregate(fen=Sum("amount"))
    return int(found["fen"] or 0)


def proposed_waivers(city: City, policy_numbers: Collection[str]) -> dict[str, Proposal]:
    """What waits for a second person, by policy."""
    found = open_proposals_on(city, WAIVER, SUBJECT, list(policy_numbers))
    return {proposal.subject.id: proposal for proposal in found}


def _debt(
    number: str, fen: int, history: History, days: CityDays, on: date, bills: tuple[tuple[str, int], ...] = ()
) -> Debt:
    clock = clock_of_debt(history.events, days, on)
    asked = [event for event in history.events if event.kind == Told.ASKED]
    asked_on = asked[-1].learned_at.date() if asked else None
    late = clock is not None and clock.state is State.OVERDUE
    due_on = clock.due_on if clock is not None else None
    return Debt(number, fen, asked_on, due_on, late, was_reminded(history.events), bills)
