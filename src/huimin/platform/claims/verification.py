"""Computes claims again: decides every member-year from its facts, and what each bill's sender was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from huimin.platform.claims.closings import faults_of_closings
from huimin.platform.claims.known import decisions_so_far
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.owing import answered_in, claims_between, kept_by_senders, paid_in
from huimin.platform.claims.versions import faults_of_versions
from huimin.platform.claims.year_change import change_of_year
from huimin.platform.enrolment.api import PolicyFacts, policies_of_city
from huimin.platform.foundation.limits import faults_of_limit
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.pool.api import Claim, claim_entries, share_table

__all__ = ["recompute_claims"]


def recompute_claims(city: City, result: Verification) -> Iterator[Entry]:
    """The journal entries of every bill. Adds a fault for each decision that is not what the facts give."""
    result.faults += [*faults_of_closings(city), *faults_of_limit(city)]
    facts_of_policy: dict[int, list[SettlementFact]] = defaultdict(list)
    for fact in SettlementFact.objects.of(city).defer("body").order_by("pk"):
        if fact.policy_id is not None:
            facts_of_policy[fact.policy_id].append(fact)
    claims: dict[int, list[Claim]] = defaultdict(list)
    for policy in policies_of_city(city):
        facts = facts_of_policy.get(policy.id, [])
        if facts:
            result.counts["settlements"] += len(facts)
            claims[policy.plan_year_id] += _claims_of(policy, facts, result)
    for plan_year_id, rows in claims.items():
        yield from claim_entries(city=city, table=share_table(city, plan_year_id), cause="", claims=rows)


def _claims_of(policy: PolicyFacts, facts: list[SettlementFact], result: Verification) -> list[Claim]:
    """What is owed for each bill of the policy. `facts` are all facts of the policy, by arrival."""
    change = change_of_year(policy, facts, decisions_so_far(policy))
    for line in change.lines:
        result.faults.append(
            f"settlement {line.fact.setl_id}, {line.benefit}: the facts give {line.payable} fen, "
            f"the decision that stands {line.before}"
        )
    year = change.after
    result.faults += faults_of_versions(policy, facts)
    after = paid_in(year), kept_by_senders(facts, answered_in(year, facts))
    return claims_between(year, facts, ({}, {}), after)
