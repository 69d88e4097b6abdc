"""Checks decision versions: each must lead to the next, and the last must say what the facts gave at its time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from huimin.adjudication import BenefitDecision
from huimin.platform.claims.member_year import decide_year
from huimin.platform.claims.models import BenefitDecisionVersion, SettlementFact
from huimin.platform.enrolment.api import PolicyFacts

__all__ = ["faults_of_versions"]

_FIGURES = ("base", "deductible_applied", "excess", "payable")


def faults_of_versions(policy: PolicyFacts, facts: Sequence[SettlementFact]) -> Iterator[str]:
    """A sentence for each decision version of a policy that is wrong. `facts` are all facts of the policy, by
    arrival.
    """
    versions = BenefitDecisionVersion.objects.of(policy.city).filter(policy=policy.id).order_by("version")
    by_line: dict[tuple[int, str], list[BenefitDecisionVersion]] = defaultdict(list)
    for version in versions.select_related("settlement"):
        by_line[version.settlement_id, version.benefit].append(version)
    for line in by_line.values():
        yield from _broken_steps(line)
    yield from _wrong_figures(policy, facts, [line[-1] for line in by_line.values()])


def _broken_steps(line: Sequence[BenefitDecisionVersion]) -> Iterator[str]:
    """Versions that do not follow each other: each must pay what the one before paid plus its own change."""
    before = 0
    for expected, version in enumerate(line, start=1):
        if version.version != expected:
            yield f"{_name(version)}: found version {version.version} where version {expected} should be"
        if version.payable - version.change != before:
            yield (
                f"{_name(version)}: a version pays {version.payable} fen, which is not {before} and {version.change}"
            )
        before = version.payable


def _wrong_figures(
    policy: PolicyFacts, facts: Sequence[SettlementFact], last: Sequence[BenefitDecisionVersion]
) -> Iterator[str]:
    """Current versions whose figures are not those of the year at the time when their cause came.

    Later facts may change a deductible without changing the payment. Then no version is appended, so that the figures
    remain those of their own time.
    """
    by_cause: dict[tuple[int | None, str], list[BenefitDecisionVersion]] = defaultdict(list)
    for version in last:
        by_cause[version.cause_id, version.recalculated_by].append(version)
    for (cause, learned), versions in by_cause.items():
        at = _learned_at(policy, learned) if cause is None else (cause, policy.as_known_at(cause))
        if at is None:
            yield f"{policy.number}: versions say that they follow from {learned!r}, which is no endorsement of it"
            continue
        key, known = at
        year = decide_year(known, [fact for fact in facts if fact.pk <= key])
        stood = {fact.pk: fact for fact in year.facts}
        for version in versions:
            fact = stood.get(version.settlement_id)
            decision = year.decision_of(fact) if fact is not None else None
            lines = {line.benefit: line for line in decision.benefits} if decision else {}
            yield from _differences(version, lines.get(version.benefit))


def _learned_at(policy: PolicyFacts, cause: str) -> tuple[int, PolicyFacts] | None:
    """The last bill that had come when this was learned, and the policy with the facts as they were known then."""
    for one in policy.learned:
        if one.cause == cause:
            member = replace(one.member, cover_to=policy.member.cover_to)
            return one.after, replace(policy, member=member)
    return None


def _differences(version: BenefitDecisionVersion, line: BenefitDecision | None) -> Iterator[str]:
    for figure in _FIGURES:
        expected, found = getattr(line, figure, 0), getattr(version, figure)
        if expected != found:
            yield f"{_name(version)}: the facts gave {figure} {expected} fen, the decision that stands says {found}"


def _name(version: BenefitDecisionVersion) -> str:
    return f"settlement {version.settlement.setl_id}, {version.benefit}"
