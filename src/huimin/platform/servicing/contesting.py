"""A contested health record: where it falls, the policies' facts are corrected, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huimin.platform.catalogue.api import terms_by_digest
from huimin.platform.enrolment.api import (
    NOT_THEIRS,
    THEIRS,
    PolicyFacts,
    pre_existing_groups,
)
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.people.api import PersonFacts, correct_person, persons_by_id
from huimin.platform.servicing.endorsing.carrying_out import Asked, Prepared, carry_out, prepare
from huimin.platform.servicing.requests.failures import RequestError

__all__ = ["Contest", "prepare_contest"]


@dataclass(frozen=True, slots=True)
class Contest:
    """What follows from the answer about one record: the endorsements, none where it stands or nothing rests on it.

    `groups`: the person's groups of earlier diseases in the register without the record; None where it stands.
    """

    record: int
    answer: str
    city: City
    insured_id: int
    endorsements: tuple[Prepared, ...] = ()
    groups: tuple[str, ...] | None = None

    def would_change(self) -> dict[str, Any]:
        policies = [one for prepared in self.endorsements for one in prepared.would_change()["policies"]]
        return {"record": self.record, "answer": self.answer, "policies": policies}

    def carry_out(self, *, by: str, at: datetime) -> None:
        """In the transaction that locked the policies."""
        for prepared in self.endorsements:
            carry_out(prepared, by=by, at=at)
        if self.groups is not None:
            facts = {"pre_existing": list(self.groups)}
            correct_person(city=self.city, resident_id=self.insured_id, facts=facts)


def prepare_contest(policies: Sequence[PolicyFacts], record: int, answer: str, request: int) -> Contest:
    """Work out what the answer leads to. `policies`: all of the person, locked. Raises RequestError
    `answer_missing`."""
    if answer not in (THEIRS, NOT_THEIRS):
        raise RequestError(f"found {answer!r}; expected {THEIRS} or {NOT_THEIRS}", code="answer_missing")
    city, insured = policies[0].city, policies[0].insured_id
    if answer == THEIRS:
        return Contest(record, answer, city, insured)
    person = persons_by_id(city, [insured])[insured]
    found, left = [], set(person.pre_existing)
    for policy in policies:
        fallen = _fallen(policy, person, record)
        left -= fallen
        if fallen & policy.member.pre_existing:
            facts = {"pre_existing": sorted(policy.member.pre_existing - fallen)}
            found.append(prepare([policy], policy.number, Asked(facts, None, today(city), request)))
    return Contest(record, answer, city, insured, tuple(found), tuple(sorted(left)))


def _fallen(policy: PolicyFacts, person: PersonFacts, record: int) -> set[str]:
    """The groups that rest on this record alone, by the policy's own terms."""
    terms = terms_by_digest(policy.city, policy.plan_year_id, policy.plan_digest)
    before = pre_existing_groups(policy.city, terms, person)
    return set(before) - set(pre_existing_groups(policy.city, terms, person, without=record))
