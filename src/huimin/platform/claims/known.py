"""Everything that must be known to work out what a message changes, read in one round before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from huimin.platform.claims.messages import Message
from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.models import City, ask_together
from huimin.platform.foundation.statements import Question, any_of
from huimin.platform.pool.api import ShareTable, asking_shares

__all__ = ["Known", "SoFar", "Standing", "decisions_so_far", "facts_and_reviews_of", "facts_of_policy", "known_of"]

_UNREAD = ("body", "received_at")
"""Fields of facts that no decision uses."""
_SUMS = (
    "MAX(version), CAST(SUM(change) AS BIGINT), "
    "CAST(SUM(CASE WHEN cause_id = settlement_id THEN payable ELSE 0 END) AS BIGINT)"
)


class Standing(NamedTuple):
    """The stored decision of one benefit on one settlement: the last version, what it pays, and what was first
    answered.
    """

    version: int
    payable: int
    answered: int
    """What the version whose cause is the settlement itself pays: this is what the sender was answered."""


SoFar = Mapping[tuple[int, str], Standing]
"""By settlement row and benefit."""


@dataclass(frozen=True, slots=True)
class Known:
    facts: Sequence[SettlementFact]
    """By arrival: facts of the policies; facts of this sender with the message's id, or with the id that it reverses;
    and reversals of the message's id for this member or by this sender, which may have come before it.
    """
    reviews: Sequence[ReviewItem]
    """What this sender sent under the message's id and was held. Message bodies are not read."""
    decisions: Mapping[int, SoFar]
    """The stored decisions, by policy."""
    shares: Mapping[int, ShareTable]
    """The shares, by plan year."""

    def of_id(self, message: Message) -> list[SettlementFact]:
        """The facts that this sender sent under the message's id before, by arrival."""
        name = message.client.pk, message.settlement.setl_id
        return [fact for fact in self.facts if (fact.client_id, fact.setl_id) == name]

    def of_policy(self, policy: PolicyFacts) -> tuple[SettlementFact, ...]:
        return tuple(fact for fact in self.facts if fact.policy_id == policy.id)


def known_of(message: Message, policies: Sequence[PolicyFacts]) -> Known:
    """Read what is known about these policies and the message's id, in one round."""
    city = message.client.city
    plan_years = sorted({policy.plan_year_id for policy in policies})
    rows, reviews, sums, *shares = ask_together(
        *_asking_near(message, policies),
        _asking_decisions(city, policies),
        *(asking_shares(city, plan_year) for plan_year in plan_years),
    )
    return Known(_by_arrival(rows), reviews, _by_policy(sums), dict(zip(plan_years, shares, strict=True)))


def facts_and_reviews_of(
    message: Message, policies: Sequence[PolicyFacts]
) -> tuple[list[SettlementFact], list[ReviewItem]]:
    """The facts and reviews of `known_of`, for what only tries a message: its decisions are computed from the facts,
    which one statement reads, so that nobody needs to be kept from changing them.
    """
    rows, reviews = ask_together(*_asking_near(message, policies))
    return _by_arrival(rows), reviews


def _asking_near(message: Message, policies: Sequence[PolicyFacts]) -> tuple[Question[Any], Question[Any]]:
    """Questions for the facts of the policies and of the ids that the message names, and for what was held of it."""
    settlement, client = message.settlement, message.client
    city, setl_id = client.city, settlement.setl_id
    ids = [setl_id, *([settlement.reverses] if settlement.reverses else [])]
    wanted: list[dict[str, object]] = [
        {"policy": [policy.id for policy in policies]},
        {"client": client, "setl_id": ids},
        {"client": client, "reverses": setl_id},
        {"psn_no": settlement.psn_no, "reverses": setl_id},
    ]
    near = any_of(*(SettlementFact.objects.asking(city, where, without=_UNREAD) for where in wanted))
    named = {"client": client, "setl_id": setl_id}
    return near, ReviewItem.objects.asking(city, named, order_by=("id",), without=("body",))


def _by_arrival(rows: Sequence[SettlementFact]) -> list[SettlementFact]:
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in sorted(by_key)]


def facts_of_policy(policy: PolicyFacts) -> list[SettlementFact]:
    """All facts of a policy, by arrival, replaced ones too."""
    return SettlementFact.objects.fetch(policy.city, {"policy": policy.id}, order_by=("id",), without=_UNREAD)


def decisions_so_far(policy: PolicyFacts) -> SoFar:
    """The stored decision for each settlement and benefit of the policy. One statement."""
    (sums,) = ask_together(_asking_decisions(policy.city, [policy]))
    return _by_policy(sums).get(policy.id, {})


def _asking_decisions(city: City, policies: Sequence[PolicyFacts]) -> Question[list[list[object]]]:
    names = ("policy", "settlement", "benefit")
    return BenefitDecisionVersion.objects.summing(city, names, _SUMS, {"policy": [policy.id for policy in policies]})


def _by_policy(sums: Sequence[Sequence[object]]) -> dict[int, dict[tuple[int, str], Standing]]:
    found: dict[int, dict[tuple[int, str], Standing]] = defaultdict(dict)
    for policy, settlement, benefit, *numbers in sums:
        found[policy][settlement, benefit] = Standing(*numbers)  # type: ignore[index, arg-type]
    return found
