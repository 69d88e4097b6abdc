"""Policies that ended or were endorsed, held against their histories; the entries of their money, computed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from huimin.platform.enrolment.api import PolicyFacts, changed_policies, money_of_policies
from huimin.platform.foundation.events import Event, that_stand
from huimin.platform.foundation.events.recording import histories_of
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.servicing.endorsing.learned import faults_of_learned
from huimin.platform.servicing.happened import Happened
from huimin.platform.servicing.reversing import money_entries, policy_cost
from huimin.platform.servicing.stories import SUBJECT

__all__ = ["recompute_reversals"]

_ENDS = (Happened.WITHDRAWN, Happened.DIED)


def recompute_reversals(city: City, result: Verification) -> Iterator[Entry]:
    """The entries of each policy of which premium came back or was added, by its history; and where its row differs."""
    policies = changed_policies(city)
    histories = histories_of(city, SUBJECT, [policy.number for policy in policies])
    money = money_of_policies(city, [policy.id for policy in policies])
    for policy in policies:
        events = histories[policy.number].events
        result.counts["policies changed"] += 1
        result.faults += _faults_of_end(policy, events)
        result.faults += faults_of_learned(policy, events)
        back, added = policy_cost(policy, money[policy.id], events)
        if (policy.given_back, policy.added) != (back, added):
            row = f"{policy.given_back} fen came back and {policy.added} were added"
            result.faults.append(f"policy:{policy.number}: the row says that {row}, the history {back} and {added}")
        yield from money_entries(policy, money[policy.id], events)


def _faults_of_end(policy: PolicyFacts, events: Sequence[Event]) -> Iterator[str]:
    ends = [event for event in that_stand(events) if event.kind in _ENDS]
    if (policy.ended_on is None and ends) or (policy.ended_on is not None and len(ends) != 1):
        yield f"policy:{policy.number}: its row says that it ended {policy.ended_on}; its history {len(ends)} times"
