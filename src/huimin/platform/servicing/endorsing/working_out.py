"""What an endorsement leads to, worked out but not carried out yet, so that two people see it before it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from huimin.adjudication import premium_parts, price_for
from huimin.errors import InputError
from huimin.platform.catalogue.api import terms_by_digest
from huimin.platform.claims.api import YearAgain, decided_again, would_differ_from
from huimin.platform.enrolment.api import PolicyFacts, with_facts
from huimin.platform.foundation.events import Event
from huimin.platform.servicing.endorsing.learned import counting_facts, issued_facts
from huimin.platform.servicing.endorsing.state import Endorsement, endorsements_in, facts_on
from huimin.platform.servicing.looks import ToLook
from huimin.platform.servicing.reversing import ends_before_money
from huimin.settlement import INSUTYPES, Member
from huimin.terms import Plan

__all__ = ["WorkedOut", "premium_of", "work_out"]

_INSURED = "insured"


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """One policy with an endorsement. Amounts in fen.

    `facts`: what counts from the first day now, where it is another than when the policy was issued. `costs`: how much
    more the policy costs (less: below zero), of which nothing moves by itself where somebody has `to_look`.
    """

    policy: PolicyFacts
    said: Endorsement
    facts: Mapping[str, Any]
    year: YearAgain | None
    """The year decided again; None where no fact that counts is another."""
    costs: int
    to_look: tuple[ToLook, ...]

    def would_change(self) -> dict[str, Any]:
        """For the second person: no personal data, and every amount."""
        bills = self.year.bills if self.year is not None else {}
        return {
            "policy": self.policy.number,
            "facts": sorted(self.said.facts),
            "from_day": str(self.said.from_day) if self.said.from_day else "",
            "costs": self.costs,
            "bills": {bill: list(fen) for bill, fen in sorted(bills.items())},
            "to_look": [[one.why, *one.named] for one in self.to_look],
        }


def work_out(policy: PolicyFacts, events: Sequence[Event], said: Endorsement) -> WorkedOut:
    """The policy with one endorsement more. Lock it first. Nothing is stored."""
    together = [*endorsements_in(events), said]
    facts, before = counting_facts(policy, together), policy.learned[-1].facts if policy.learned else {}
    changed = replace(policy, member=_cut(policy, with_facts(policy.issued, facts)))
    if facts == before:
        return WorkedOut(policy, said, facts, None, 0, _later_days(policy, together, said))
    year = decided_again(changed)
    costs, looks = _costs(policy, changed, events)
    looks += _eligible(changed)
    return WorkedOut(policy, said, facts, year, costs, (*looks, *_later_days(changed, together, said)))


def premium_of(plan: Plan, member: Member) -> tuple[int | None, dict[str, int]]:
    """The whole premium by the terms, None where it is not known; and who pays how much of it."""
    whole = replace(member, cover_from=plan.cover.first_day, cover_to=plan.cover.last_day)
    price = price_for(plan, whole)
    if price is None:
        return None, {}
    parts: dict[str, int] = {}
    for payer, fen in premium_parts(plan, whole, price):
        parts[payer] = parts.get(payer, 0) + fen
    return price, parts


def _costs(policy: PolicyFacts, changed: PolicyFacts, events: Sequence[Event]) -> tuple[int, list[ToLook]]:
    """How much more it costs. Nothing, with a reason to look, where nobody could say whose the difference is."""
    plan = terms_by_digest(policy.city, policy.plan_year_id, policy.plan_digest).plan
    try:
        (before, who_before), (after, who_after) = (premium_of(plan, one.member) for one in (policy, changed))
    except InputError as error:
        return 0, [ToLook("price_unknown", (error.code,))]
    if before is None or after is None:
        return 0, [ToLook("price_unknown")]
    if before == after and who_before == who_after:
        return 0, []
    if ends_before_money(events):
        return 0, [ToLook("ended_with_difference", (str(after - before),))]
    others = {payer: fen for payer, fen in who_before.items() if payer != _INSURED}
    if others != {payer: fen for payer, fen in who_after.items() if payer != _INSURED}:
        return 0, [ToLook("others_pay_otherwise", (str(after - before),))]
    return after - before, []


def _eligible(changed: PolicyFacts) -> list[ToLook]:
    plan = terms_by_digest(changed.city, changed.plan_year_id, changed.plan_digest).plan
    accepted = {INSUTYPES[name] for name in plan.eligibility.basic_insurance}
    return [] if changed.member.insutype in accepted else [ToLook("not_eligible", ("other_basic_insurance",))]


def _later_days(policy: PolicyFacts, together: Sequence[Endorsement], said: Endorsement) -> tuple[ToLook, ...]:
    """Bills after a change within the year that would be paid otherwise by it: the terms do not say which facts count.

    They are decided by the facts of the first day, and a person is told which they are.
    """
    if said.from_day is None or said.from_day <= policy.cover_sold[0]:
        return ()
    then = facts_on(issued_facts(policy), together, said.from_day)
    other = replace(policy, member=_cut(policy, with_facts(policy.issued, then)))
    bills = would_differ_from(policy, other, said.from_day)
    return (ToLook("bills_differ", tuple(bills)),) if bills else ()


def _cut(policy: PolicyFacts, member: Member) -> Member:
    return replace(member, cover_to=policy.member.cover_to)
