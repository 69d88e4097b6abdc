"""Which policies have passed without a claim so far, as their own terms say what a claim is."""

from __future__ import annotations

from collections.abc import Sequence

from huimin.adjudication import claim_free
from huimin.platform.claims.known import facts_of_policy
from huimin.platform.claims.member_year import decide_year
from huimin.platform.claims.models import SettlementFact
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.models import City

__all__ = ["policies_without_claim"]


def policies_without_claim(city: City, policies: Sequence[PolicyFacts]) -> set[int]:
    """Their ids. One statement, and one for each policy that has bills. A held bill is none before it is decided."""
    where = {"policy": [policy.id for policy in policies]}
    with_bills = {policy for (policy,) in SettlementFact.objects.pick(city, ("policy",), where)} if policies else set()
    return {policy.id for policy in policies if policy.id not in with_bills or _passed(policy)}


def _passed(policy: PolicyFacts) -> bool:
    decided = decide_year(policy, facts_of_policy(policy))
    return claim_free(decided.terms.plan.claim_free, decided.result)
