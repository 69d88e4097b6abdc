"""The day of each bill of a policy, by the bill's name in the journal: it selects the shares of the pool."""

from __future__ import annotations

from datetime import date

from huimin.platform.claims.member_year import day_of, terms_of_policy
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.owing import sources_of
from huimin.platform.enrolment.api import PolicyFacts

__all__ = ["days_of_bills"]


def days_of_bills(policy: PolicyFacts) -> dict[str, date]:
    """Of every bill that counts on the policy, for what is paid on it and for what is paid beside it."""
    facts = SettlementFact.objects.of(policy.city).filter(policy=policy.id, reverses=None, withdrawn=False)
    terms = terms_of_policy(policy)
    return {source: day_of(terms, fact) for fact in facts.defer("body").order_by("pk") for source in sources_of(fact)}
