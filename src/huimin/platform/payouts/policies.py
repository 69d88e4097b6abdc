"""A policy, locked: so that nothing else decides its bills or moves what is owed for them meanwhile."""

from __future__ import annotations

from huimin.platform.enrolment.api import PolicyFacts, lock_policies_of_members, policy_by_number
from huimin.platform.foundation.models import City

__all__ = ["locked_policy"]


def locked_policy(city: City, number: str) -> PolicyFacts | None:
    """The policy, with those of its member locked until the transaction ends; None where the city has none."""
    policy = policy_by_number(city, number)
    if policy is not None:
        lock_policies_of_members(city, policy.psn_no)
    return policy
