"""Another edition before cover begins, in one step: the policy stays the one it is, and only what differs is paid.

There is no moment without cover and none with two policies, since the number stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import terms_by_digest
from huimin.platform.enrolment.api import DifferenceFacts, PolicyFacts, ask_for_difference, differences_open
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import writing_together
from huimin.platform.servicing.endorsing.carrying_out import Asked, carry_out, paid_more, prepare
from huimin.platform.servicing.endorsing.working_out import premium_of
from huimin.platform.servicing.reversing import ends_before_money
from huimin.platform.servicing.stories import story_by_number, subject_of
from huimin.platform.servicing.withdrawal import locked_policy

__all__ = ["OPTION", "ChangedOption", "Option", "change_option", "option_paid", "options_of"]

OPTION = "option"


@dataclass(frozen=True, slots=True)
class Option:
    """An edition that may be taken instead. `costs`: how much more it costs (less: below zero), in fen."""

    edition: str
    name_zh: str
    name_en: str
    costs: int

    @property
    def back(self) -> int:
        """What comes back where it costs less, in fen."""
        return max(0, -self.costs)

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_zh


@dataclass(frozen=True, slots=True)
class ChangedOption:
    """What became of it: changed at once, `fen` come back; or `fen` are to be paid by `order` first."""

    fen: int
    order: str = ""


def options_of(policy: PolicyFacts) -> list[Option]:
    """The plan's other editions with what each costs more, by the terms; none once cover has begun."""
    if not _open(policy):
        return []
    plan = terms_by_digest(policy.city, policy.plan_year_id, policy.plan_digest).plan
    now_costs, _who = premium_of(plan, policy.member)
    found = []
    for one in plan.edition:
        price, _parts = premium_of(plan, replace(policy.member, edition=one.id))
        if one.id != policy.member.edition and price is not None and now_costs is not None:
            found.append(Option(one.id, one.name.zh, one.name.en, price - now_costs))
    return found


def change_option(*, actor: Actor, number: str, edition: str) -> ChangedOption:
    """Take another edition. Where it costs no more it is so at once, and what is over goes back; else once it is paid.

    For the holder and the insured, and for handlers who are asked to. Raises NotAllowed; HuiminError
    `policy_not_found`, `policy_ended`, `cover_has_begun`, `edition_unknown`, `difference_open`, `road_back_unknown`,
    `edition_for_a_person`.
    """
    city = actor.city
    with writing_together():
        policy = locked_policy(actor, number, Action.CHANGE_OPTION)
        _refuse(policy, edition)
        asked = Asked({"edition": edition}, None, today(city), reason=OPTION)
        prepared, moment = prepare([policy], number, asked), now(city)
        ((worked, _history),) = prepared.worked
        if worked.to_look:
            text = "somebody else pays a part of this premium, and would pay another; a person has to look"
            raise HuiminError(text, code="edition_for_a_person")
        if worked.costs > 0:
            cause = f"{OPTION}:{number}:{edition}"
            asks = ask_for_difference(policy=policy, fen=worked.costs, cause=cause, at=moment)
            return ChangedOption(worked.costs, asks.order)
        carry_out(prepared, by=actor.text, at=moment)
        return ChangedOption(-worked.costs)


def option_paid(policy: PolicyFacts, difference: DifferenceFacts, at: datetime) -> bool:
    """The difference for another edition was paid: it is so from the first day. False where cover has begun by now, or
    the edition would cost another sum: the policy stays as it is, and the money goes back."""
    edition, history = difference.cause.rpartition(":")[2], history_of(policy.city, subject_of(policy.number))
    if not _open(policy) or ends_before_money(history.events):
        return False
    asked = Asked({"edition": edition}, None, today(policy.city), reason=OPTION)
    prepared = prepare([policy], policy.number, asked)
    ((worked, _history),) = prepared.worked
    if worked.costs != difference.amount or worked.to_look:
        return False
    paid_more(policy, history, difference, at)
    prepared = prepare([policy], policy.number, asked)
    carry_out(prepared.without_money(), by=f"resident:{policy.holder_id}", at=at)
    return True


def _open(policy: PolicyFacts) -> bool:
    return today(policy.city) < policy.cover_sold[0] and policy.ended_on is None


def _refuse(policy: PolicyFacts, edition: str) -> None:
    story = story_by_number(policy.city, policy.number)
    if story is not None and story.given_up:
        raise HuiminError(f"policy {policy.number} was given up", code="policy_ended")
    if not _open(policy):
        text = f"cover has begun on {policy.cover_sold[0]}; another edition can be taken before that"
        raise HuiminError(text, code="cover_has_begun")
    if edition not in {one.edition for one in options_of(policy)}:
        raise HuiminError(f"found the edition {edition!r}; expected another of the plan's", code="edition_unknown")
    if differences_open(policy.city, [policy.id]):
        text = "a difference for this policy was asked for and is not paid; pay it, or let it lapse, first"
        raise HuiminError(text, code="difference_open")
