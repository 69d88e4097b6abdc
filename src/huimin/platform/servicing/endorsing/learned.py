"""What a policy's row keeps of its endorsements: the facts from the first day, each time we learned something new.

The history has all of it. The row has it too because every bill asks for the facts that count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from huimin.platform.enrolment.api import PolicyFacts, with_facts
from huimin.platform.foundation.events import Event
from huimin.platform.servicing.endorsing.state import Endorsement, endorsements_in, said_on
from huimin.platform.servicing.happened import Happened

__all__ = ["COUNTING", "as_rows", "counting_facts", "faults_of_learned", "issued_facts"]

COUNTING = ("birth_date", "sex", "insutype", "area", "edition", "pre_existing")
"""The facts of a policy that prices, eligibility and claims ask for. Name and ID number are the person's."""


def issued_facts(policy: PolicyFacts) -> dict[str, Any]:
    """The facts that the policy was issued with, as JSON has them; the area as it is now."""
    member = policy.issued
    return {
        "birth_date": None if member.birth_date is None else member.birth_date.isoformat(),
        "sex": member.sex,
        "insutype": member.insutype,
        "area": policy.area_id,
        "edition": member.edition or "",
        "pre_existing": sorted(member.pre_existing),
    }


def counting_facts(policy: PolicyFacts, endorsements: Sequence[Endorsement]) -> dict[str, Any]:
    """What endorsements say of the facts on the first day of cover: these count for the whole year.

    Terms do not say what a fact that changes within the year does to it; whoever records such a change has looked at
    what would differ.
    """
    said = said_on(endorsements, policy.cover_sold[0])
    return {name: said[name] for name in COUNTING if name in said}


def as_rows(policy: PolicyFacts) -> list[dict[str, Any]]:
    """What the row keeps already, as it keeps it."""
    return [{"after": one.after, "cause": one.cause, "facts": dict(one.facts)} for one in policy.learned]


def faults_of_learned(policy: PolicyFacts, events: Sequence[Event]) -> Iterator[str]:
    """Where the row says other facts than the history."""
    facts = counting_facts(policy, endorsements_in(events))
    expected = with_facts(policy.issued, facts)
    found = policy.learned[-1].member if policy.learned else policy.issued
    if found != expected:
        yield f"policy:{policy.number}: the row's facts are not those that its endorsements say"
    causes = [event.data["cause"] for event in events if event.kind in (Happened.CORRECTED, Happened.CHANGED)]
    if any(one.cause not in causes for one in policy.learned):
        yield f"policy:{policy.number}: the row names an endorsement that its history has not"
