"""A member's year from its stored facts: decided by the core, compared with what was decided before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from huimin.adjudication import BenefitDecision, Decision, MemberYear, adjudicate
from huimin.adjudication.admission import as_the_plan_asks
from huimin.platform.catalogue.selectors import Terms
from huimin.platform.claims.models import BenefitDecisionVersion, SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.pool.services import Claim
from huimin.settlement import Settlement, care_from_row
from huimin.settlement.record import NOT_REPORTED

__all__ = ["Change", "as_settlement", "changes", "claims_of", "decide_year", "decisions_so_far"]

Key = tuple[int, str]
"""(settlement row, benefit)"""


@dataclass(frozen=True, slots=True)
class Change:
    """A benefit's payment on a settlement that differs from what was decided before, or is decided the first time."""

    fact: SettlementFact
    benefit: str
    version: int
    line: BenefitDecision | None
    """None when the settlement no longer counts: it was reversed."""
    before: int

    @property
    def payable(self) -> int:
        return self.line.payable if self.line else 0


def as_settlement(fact: SettlementFact) -> Settlement:
    """The fact, as adjudication wants it: with local time, since cover days are local days."""
    return Settlement(
        setl_id=fact.setl_id,
        psn_no=fact.psn_no,
        setl_time=timezone.make_naive(fact.setl_time),
        med_type=fact.med_type,
        amounts=fact.amounts,
        admission=fact.admission,
        discharge=fact.discharge,
        reverses=fact.reverses,
        care=care_from_row(json.loads(fact.care)) if fact.care else NOT_REPORTED,
    )


def decide_year(terms: Terms, policy: Policy, facts: Iterable[SettlementFact]) -> MemberYear:
    member = as_the_plan_asks(terms.program, policy.member())
    return adjudicate(terms.program, member, [as_settlement(fact) for fact in facts])


def decisions_so_far(policy: Policy) -> dict[Key, tuple[int, int]]:
    """(version, payable) that stands for each settlement and benefit. One statement."""
    names = ("settlement", "benefit", "version", "payable")
    rows = BenefitDecisionVersion.objects.pick(policy.city, names, "policy_id = %s ORDER BY version", policy.pk)
    return {(settlement, benefit): (version, payable) for settlement, benefit, version, payable in rows}


def changes(year: MemberYear, facts: Sequence[SettlementFact], so_far: dict[Key, tuple[int, int]]) -> list[Change]:
    """What differs between the year as decided now and as it stood."""
    fact_by_id = {fact.setl_id: fact for fact in facts}
    found: list[Change] = []
    standing = {key: payable for key, (_, payable) in so_far.items()}
    for decision in year.decisions:
        fact = fact_by_id[decision.settlement.setl_id]
        for line in decision.benefits:
            version, before = so_far.get((fact.pk, line.benefit), (0, 0))
            standing.pop((fact.pk, line.benefit), None)
            if version == 0 or before != line.payable:
                found.append(Change(fact, line.benefit, version + 1, line, before))
    fact_by_pk = {fact.pk: fact for fact in facts}
    for (settlement, benefit), before in standing.items():
        if before:
            version = so_far[settlement, benefit][0] + 1
            found.append(Change(fact_by_pk[settlement], benefit, version, None, before))
    return found


def claims_of(policy: Policy, fact: SettlementFact, decision: Decision | None) -> tuple[Claim, Claim]:
    """What a settlement's decision owes, from nothing: to who sent the bill, and as allowances to the person."""
    allowances = decision.allowances if decision else 0
    indemnity = decision.payable - allowances if decision else 0
    source, day = f"settlement:{fact.setl_id}", timezone.localdate(fact.setl_time)
    return (
        Claim(source, fact.payee, 0, indemnity, day),
        Claim(f"{source}/allowances", f"policy:{policy.number}", 0, allowances, day),
    )


def version_row(policy: Policy, change: Change, cause: SettlementFact, moment: datetime) -> BenefitDecisionVersion:
    line = change.line
    return BenefitDecisionVersion(
        city_id=policy.city_id,
        policy=policy,
        settlement=change.fact,
        cause=cause,
        benefit=change.benefit,
        version=change.version,
        base=line.base if line else 0,
        deductible_applied=line.deductible_applied if line else 0,
        excess=line.excess if line else 0,
        payable=change.payable,
        change=change.payable - change.before,
        decided_at=moment,
    )
