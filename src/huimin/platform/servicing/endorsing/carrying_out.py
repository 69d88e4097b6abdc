"""An endorsement is carried out: the history, the register, the row, the money and the claims, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from huimin.platform.enrolment.api import DifferenceFacts, PolicyFacts, ask_for_difference, mark_policy
from huimin.platform.foundation.clock import begin_of
from huimin.platform.foundation.events.recording import History, history_of
from huimin.platform.foundation.services import record_audit
from huimin.platform.payments.api import RefundReason
from huimin.platform.people.api import correct_person
from huimin.platform.servicing.endorsing.learned import as_rows
from huimin.platform.servicing.endorsing.state import Endorsement
from huimin.platform.servicing.endorsing.working_out import WorkedOut, work_out
from huimin.platform.servicing.happened import Happened
from huimin.platform.servicing.requests.opening import open_looks
from huimin.platform.servicing.reversing import Back, ends_before_money, give_back, take_more
from huimin.platform.servicing.stories import subject_of
from huimin.platform.servicing.telling import tell_both

__all__ = ["OF_PERSON", "Asked", "Prepared", "carry_out", "difference_paid", "paid_more", "prepare"]

OF_PERSON = ("name", "id_number", "birth_date", "sex")
"""Facts of the person rather than of one policy: what corrects them is said to every policy of theirs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be endorsed. `facts` by name, as JSON has them; `from_day` None for what was always so.

    `request`: the number of the request that asks for it, 0 for none; it says where the evidence is.
    """

    facts: Mapping[str, Any]
    from_day: date | None
    dated: date
    request: int = 0
    reason: str = ""

    @classmethod
    def of(cls, content: Mapping[str, Any], request: int) -> Asked:
        """As a request keeps it."""
        from_day = date.fromisoformat(content["from_day"]) if content.get("from_day") else None
        return cls(content["facts"], from_day, date.fromisoformat(content["dated"]), request)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An endorsement of one policy or several of one person, worked out with each policy's history."""

    asked: Asked
    worked: tuple[tuple[WorkedOut, History], ...]

    def would_change(self) -> dict[str, Any]:
        return {"policies": [worked.would_change() for worked, _history in self.worked]}

    def without_money(self) -> Prepared:
        """The same, of which the money has moved already."""
        return replace(self, worked=tuple((replace(one, costs=0), history) for one, history in self.worked))


def prepare(policies: Iterable[PolicyFacts], number: str, asked: Asked) -> Prepared:
    """Work out an endorsement of the policy with this number. `policies`: all of its insured, locked.

    What is corrected of the person is corrected on each of the policies, whichever year they are of.
    """
    found = []
    of_person = {name: asked.facts[name] for name in OF_PERSON if name in asked.facts}
    for policy in policies:
        facts = dict(asked.facts) if policy.number == number else of_person
        if facts:
            history = history_of(policy.city, subject_of(policy.number))
            found.append((work_out(policy, history.events, _endorsement(policy, history, facts, asked)), history))
    return Prepared(asked, tuple(found))


def carry_out(prepared: Prepared, *, by: str, at: datetime) -> None:
    """Carry out what was worked out, in the transaction that locked the policies.

    Money comes back at once, a difference is asked for, bills are decided again; what a person has to look at is put
    into their queue. Raises HuiminError `road_back_unknown`, `id_number_taken`.
    """
    asked = prepared.asked
    (first, _history), *_ = prepared.worked
    of_person = {name: asked.facts[name] for name in OF_PERSON if name in asked.facts}
    if of_person and asked.from_day is None:
        correct_person(city=first.policy.city, resident_id=first.policy.insured_id, facts=of_person)
    for worked, history in prepared.worked:
        _carry_out_one(worked, history, asked, by, at)


def _carry_out_one(worked: WorkedOut, history: History, asked: Asked, by: str, at: datetime) -> None:
    policy, said = worked.policy, worked.said
    cause = f"endorsement:{said.key}"
    back = Back(max(0, -worked.costs), cause, cause)
    give_back(policy=policy, events=history.events, back=back, reason=RefundReason.CORRECTED, by=by, at=at)
    data = {"key": said.key, "cause": cause, "source": cause, "fen": back.fen, "asked": max(0, worked.costs)}
    data |= {"facts": sorted(said.facts), "dated": str(said.dated), "request": asked.request}
    data |= {"from_day": str(said.from_day) if said.from_day else None}
    history.append(
        Happened.CHANGED if said.from_day else Happened.CORRECTED,
        actor=by,
        at=at,
        happened_at=begin_of(said.from_day) if said.from_day else None,
        reason=asked.reason,
        data=data,
        personal={"facts": dict(said.facts)},
    )
    rows = None
    if worked.year is not None:
        rows = [*as_rows(policy), {"after": worked.year.last_bill, "cause": cause, "facts": dict(worked.facts)}]
        worked.year.post(cause, at)
    mark_policy(policy.city, policy.id, endorsed=rows, back=back.fen)
    if worked.costs > 0:
        ask_for_difference(policy=policy, fen=worked.costs, cause=cause, at=at)
    open_looks(policy, worked.to_look, by=by, at=at)
    subject = f"policy:{policy.number}"
    record_audit(city=policy.city, actor=by, action="policy_endorsed", subject=subject, at=at, detail=data)
    tell_both(policy, "policy_endorsed", f"endorsed-{said.key}")


def _endorsement(policy: PolicyFacts, history: History, facts: Mapping[str, Any], asked: Asked) -> Endorsement:
    """Its key is its policy's number and its place in the policy's history."""
    return Endorsement(f"{policy.number}:{len(history.events) + 1}", facts, asked.from_day, asked.dated)


def difference_paid(policy: PolicyFacts, difference: DifferenceFacts, at: datetime) -> bool:
    """What an endorsement made it cost more was paid; False where the policy has ended by now."""
    history = history_of(policy.city, subject_of(policy.number))
    if ends_before_money(history.events):
        return False
    paid_more(policy, history, difference, at)
    return True


def paid_more(policy: PolicyFacts, history: History, difference: DifferenceFacts, at: datetime) -> None:
    """Premium is added to the policy: its history, its row, and the insurers' parts."""
    data = {"fen": difference.amount, "order": difference.order, "cause": difference.cause}
    history.append(Happened.PAID_MORE, actor="queue", at=at, data=data)
    take_more(policy=policy, fen=difference.amount, order=difference.order, at=at)
    mark_policy(policy.city, policy.id, added=difference.amount)
