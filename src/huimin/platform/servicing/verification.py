"""Policies that were given up, held against the terms; and the entries of what came back, computed again."""

from __future__ import annotations

from collections.abc import Iterator

from huimin.platform.enrolment.api import PolicyFacts, ended_policies, money_of_policies
from huimin.platform.foundation.events.event import that_stand
from huimin.platform.foundation.events.recording import histories_of
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.servicing.reversing import reversal_entries
from huimin.platform.servicing.statuses import Happened
from huimin.platform.servicing.stories import SUBJECT

__all__ = ["recompute_reversals"]

_CAUSES = {Happened.WITHDRAWN: "withdrawal", Happened.DIED: "death"}


def recompute_reversals(city: City, result: Verification) -> Iterator[Entry]:
    """The entries of each policy of which premium came back, by its history; and where its row says otherwise."""
    policies = ended_policies(city)
    histories = histories_of(city, SUBJECT, [policy.number for policy in policies])
    money = money_of_policies(city, [policy.id for policy in policies])
    for policy in policies:
        result.counts["policies ended"] += 1
        ends = [event for event in that_stand(histories[policy.number].events) if event.kind in _CAUSES]
        if len(ends) != 1:
            result.faults.append(f"policy:{policy.number}: its row says that it ended; its history {len(ends)} times")
            continue
        (event,) = ends
        result.faults += _faults(policy, event.data)
        cause = f"{_CAUSES[Happened(event.kind)]}:{policy.number}"
        yield from reversal_entries(city, policy, money[policy.id], event.data["fen"], cause)


def _faults(policy: PolicyFacts, said: object) -> Iterator[str]:
    if not isinstance(said, dict) or policy.given_back != said.get("fen"):
        yield f"policy:{policy.number}: the row says that {policy.given_back} fen came back, the history {said}"
