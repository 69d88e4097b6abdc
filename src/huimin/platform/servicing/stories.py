"""A policy's story, read: its facts, what happened to it, how it stands today, and what comes back of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from huimin.platform.enrolment.api import PolicyFacts, policy_by_number
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.events import Event, Subject, that_stand
from huimin.platform.foundation.events.recording import histories_of
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import RefundFacts, refunds_under
from huimin.platform.servicing.statuses import PolicyStatus, Stands, standing_of

__all__ = ["SUBJECT", "PolicyStory", "source_of", "stories_of", "story_by_number", "subject_of"]

SUBJECT = "policy"


@dataclass(frozen=True, slots=True)
class PolicyStory:
    policy: PolicyFacts
    events: Sequence[Event]
    refund: RefundFacts | None
    stands: tuple[Stands, ...]

    def has(self, status: PolicyStatus) -> bool:
        return any(one.status == status for one in self.stands)

    @property
    def ended(self) -> bool:
        """Given up, whether or not cover has ended yet; or over for another reason."""
        over = {PolicyStatus.CANCELLED, PolicyStatus.CANCELLATION_PENDING, PolicyStatus.DIED, PolicyStatus.EXPIRED}
        return any(one.status in over for one in self.stands)

    @property
    def given_up(self) -> bool:
        """Whether it was given up or its insured has died: nothing of it is corrected or changed any more."""
        over = {PolicyStatus.CANCELLED, PolicyStatus.CANCELLATION_PENDING, PolicyStatus.DIED}
        return any(one.status in over for one in self.stands)


def subject_of(number: str) -> Subject:
    return Subject(SUBJECT, number)


def source_of(number: str) -> str:
    """What the policy's journal entries belong to."""
    return f"policy:{number}"


def stories_of(city: City, policies: Sequence[PolicyFacts]) -> list[PolicyStory]:
    """In the order of the policies. Two statements."""
    histories = histories_of(city, SUBJECT, [policy.number for policy in policies])
    sources = {policy.number: _sources(policy.number, histories[policy.number].events) for policy in policies}
    refunds = refunds_under(city, [source for of_policy in sources.values() for source in of_policy])
    day, found = today(city), []
    for policy in policies:
        events, refund = histories[policy.number].events, _last(refunds, sources[policy.number])
        found.append(PolicyStory(policy, events, refund, standing_of(policy.cover_sold, events, refund, day)))
    return found


def story_by_number(city: City, number: str) -> PolicyStory | None:
    policy = policy_by_number(city, number)
    return None if policy is None else stories_of(city, [policy])[0]


def _sources(number: str, events: Sequence[Event]) -> list[str]:
    """What a refund of the policy may belong to, in the order in which it may have begun."""
    named = [event.data["source"] for event in that_stand(events) if event.data.get("source")]
    return [source_of(number), *(one for one in named if one != source_of(number))]


def _last(refunds: Mapping[str, RefundFacts], sources: Sequence[str]) -> RefundFacts | None:
    """Of several refunds the one that is not done yet, else the last."""
    found = [refunds[source] for source in sources if source in refunds]
    return next((one for one in found if one.done_at is None), found[-1] if found else None)
