"""A death is recorded: cover ends with the day, bills before it stand, premium comes back by the terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from huimin.adjudication import PremiumBack, premium_back_on_death
from huimin.errors import InputError
from huimin.platform.catalogue.api import terms_by_digest
from huimin.platform.claims.api import bills_after, bills_on_policy
from huimin.platform.enrolment.api import PolicyFacts, end_policy
from huimin.platform.foundation.clock import begin_of
from huimin.platform.foundation.events.recording import History, history_of
from huimin.platform.foundation.services import record_audit
from huimin.platform.payments.api import RefundReason
from huimin.platform.people.api import register_death
from huimin.platform.servicing.happened import Happened
from huimin.platform.servicing.looks import ToLook
from huimin.platform.servicing.requests.opening import open_looks
from huimin.platform.servicing.reversing import Back, ends_before_money, give_back
from huimin.platform.servicing.stories import source_of, subject_of

__all__ = ["Death", "prepare_death"]


@dataclass(frozen=True, slots=True)
class _Ending:
    """One policy that ends by the death. `bills`: those of later days, by their senders' ids."""

    policy: PolicyFacts
    history: History
    ends_on: date
    """The first day without cover."""
    fen: int
    rule: str
    bills: Mapping[str, date]
    to_look: tuple[ToLook, ...]

    def would_change(self) -> dict[str, Any]:
        return {
            "policy": self.policy.number,
            "ends_on": str(self.ends_on),
            "back": self.fen,
            "rule": self.rule,
            "to_look": [[one.why, *one.named] for one in self.to_look],
        }


@dataclass(frozen=True, slots=True)
class Death:
    """A death, with what follows for each policy of the person that had not ended by then."""

    day: date
    source: str
    request: int
    endings: tuple[_Ending, ...]
    insured_id: int

    def would_change(self) -> dict[str, Any]:
        return {"policies": [ending.would_change() for ending in self.endings]}

    def carry_out(self, *, by: str, at: datetime) -> None:
        """In the transaction that locked the policies. Raises HuiminError `road_back_unknown`."""
        for ending in self.endings:
            _end(ending, self, by, at)
        if self.endings:
            register_death(city=self.endings[0].policy.city, resident_id=self.insured_id, day=self.day)


def prepare_death(policies: Sequence[PolicyFacts], day: str, source: str, request: int) -> Death:
    """Work out what a death on this day leads to. `policies`: all of the person, locked. Raises InputError `cover_over`
    where none of them had still to end."""
    died_on, found = date.fromisoformat(day), []
    for policy in policies:
        history = history_of(policy.city, subject_of(policy.number))
        if died_on <= policy.cover_sold[1] and not ends_before_money(history.events):
            found.append(_ending(policy, history, died_on))
    if not found:
        raise InputError(f"found no policy of the person that still covered on {died_on}", code="cover_over")
    return Death(died_on, source, request, tuple(found), policies[0].insured_id)


def _ending(policy: PolicyFacts, history: History, died_on: date) -> _Ending:
    """A bill of a later day was decided already: cover ends after it, and a person is told which bill that is."""
    later, looks = bills_after(policy, died_on), []
    back = _premium(policy, died_on)
    if back is None:
        looks.append(ToLook("death_premium_unknown"))
        back = PremiumBack(0, died_on + timedelta(days=1), "not_in_terms")
    if later:
        looks.append(ToLook("bills_after_death", tuple(sorted(later))))
    last = max([died_on, *later.values()])
    ends_on = max(policy.cover_sold[0], last + timedelta(days=1))
    return _Ending(policy, history, ends_on, back.fen, back.rule, later, tuple(looks))


def _premium(policy: PolicyFacts, died_on: date) -> PremiumBack | None:
    """What comes back by the terms; None where they do not say, which a person has to look up in the contract."""
    plan = terms_by_digest(policy.city, policy.plan_year_id, policy.plan_digest).plan
    paid = bills_on_policy(policy).paid
    try:
        return premium_back_on_death(plan, price=policy.premium, cover=policy.cover_sold, died_on=died_on, paid=paid)
    except InputError:
        return None


def _end(ending: _Ending, death: Death, by: str, at: datetime) -> None:
    policy, number = ending.policy, ending.policy.number
    city, back = policy.city, Back(ending.fen, f"death:{number}", source_of(number))
    events, reason = ending.history.events, RefundReason.ENDED
    give_back(policy=policy, events=events, back=back, reason=reason, by=by, at=at)
    end_policy(city, policy.id, ending.ends_on, ending.fen)
    data = {"fen": ending.fen, "cause": back.cause, "source": back.source, "rule": ending.rule}
    data |= {"ends_on": str(ending.ends_on), "known_by": death.source, "request": death.request}
    ending.history.append(Happened.DIED, actor=by, at=at, happened_at=begin_of(death.day), data=data)
    subject = f"policy:{number}"
    record_audit(city=city, actor=by, action="death_recorded", subject=subject, at=at, detail=data)
    open_looks(policy, ending.to_look, by=by, at=at)
