"""Giving a policy up: the whole premium comes back before cover begins, and what the terms say after it."""

from __future__ import annotations

from collections.abc import Callable

from huimin.adjudication import PremiumBack, premium_back
from huimin.errors import HuiminError
from huimin.platform.catalogue.api import terms_by_digest
from huimin.platform.claims.api import bills_on_policy
from huimin.platform.enrolment.api import (
    PolicyFacts,
    end_policy,
    lock_policies_of_members,
    policy_by_number,
)
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import NotAllowed, authorise, may, refuse_other_roles
from huimin.platform.foundation.clock import begin_of, now, today
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.payments.api import RefundReason
from huimin.platform.servicing.happened import Happened
from huimin.platform.servicing.reversing import Back, give_back
from huimin.platform.servicing.statuses import PolicyStatus
from huimin.platform.servicing.stories import source_of, stories_of, subject_of
from huimin.platform.servicing.telling import tell_both

__all__ = ["back_today", "give_back_unagreed", "locked_policy", "withdraw"]


def back_today(policy: PolicyFacts) -> PremiumBack:
    """What would come back if it was given up today. Raises InputError (`withdrawal_not_possible` and its like),
    HuiminError `policy_ended`."""
    (story,) = stories_of(policy.city, [policy])
    if story.ended:
        raise HuiminError(f"policy {policy.number} has ended, or was given up already", code="policy_ended")
    city, bills = policy.city, bills_on_policy(policy)
    plan = terms_by_digest(city, policy.plan_year_id, policy.plan_digest).plan
    return premium_back(
        plan,
        price=policy.premium,
        cover=policy.cover_sold,
        issued_on=policy.issued_on,
        day=today(city),
        bills=bills.count,
        paid=bills.paid,
    )


def withdraw(*, actor: Actor, number: str, note: str = "") -> PremiumBack:
    """Give a policy up, and send back what comes back of its premium.

    For the holder and the insured, each for themself, and for handlers who are asked to. One transaction: whoever comes
    second is told that it was given up already. Raises NotAllowed; HuiminError `policy_not_found`, `policy_ended`,
    `road_back_unknown`; InputError as `premium_back`.
    """
    return _give_up(actor, number, Action.WITHDRAW_POLICY, back_today, note)


def give_back_unagreed(*, actor: Actor, number: str, note: str) -> PremiumBack:
    """The whole premium of a policy that nobody agreed to goes back, also once cover has begun: it never was.

    Where bills have come a person has to look, since taking the cover away could cost more than it gives back. Raises
    NotAllowed; HuiminError as `withdraw`, and `claims_on_policy`.
    """
    return _give_up(actor, number, Action.GIVE_BACK_RENEWAL, _whole, note)


def _whole(policy: PolicyFacts) -> PremiumBack:
    (story,) = stories_of(policy.city, [policy])
    if story.ended and not story.has(PolicyStatus.EXPIRED):
        raise HuiminError(f"policy {policy.number} was given up already", code="policy_ended")
    if bills_on_policy(policy).count:
        raise HuiminError(f"bills have come for policy {policy.number}", code="claims_on_policy")
    return PremiumBack(policy.premium, policy.cover_sold[0], "no_consent")


def _give_up(
    actor: Actor, number: str, action: Action, reckon: Callable[[PolicyFacts], PremiumBack], note: str
) -> PremiumBack:
    city = actor.city
    with writing_together():
        policy = locked_policy(actor, number, action)
        back, moment = reckon(policy), now(city)
        history = history_of(city, subject_of(number))
        returned = Back(back.fen, f"withdrawal:{number}", source_of(number))
        events, reason = history.events, RefundReason.WITHDRAWN
        give_back(policy=policy, events=events, back=returned, reason=reason, by=actor.text, at=moment)
        end_policy(city, policy.id, back.ends_on, back.fen)
        never = back.rule in ("before_cover", "cooling_off", "no_consent")
        data = {"fen": back.fen, "cause": returned.cause, "source": returned.source}
        data |= {"rule": back.rule, "ends_on": str(back.ends_on)}
        history.append(
            Happened.WITHDRAWN,
            actor=actor.text,
            at=moment,
            happened_at=None if never else begin_of(back.ends_on),
            reason=note,
            data=data,
        )
        record_audit(
            city=city, actor=actor.text, action="policy_withdrawn", subject=f"policy:{number}", at=moment, detail=data
        )
        tell_both(policy, "policy_withdrawn", f"withdrawn-{number}")
    return back


def locked_policy(actor: Actor, number: str, action: Action) -> PolicyFacts:
    """The policy with its member-year locked, as settlements lock it; for whoever may do this to it."""
    refuse_other_roles(actor, action)
    seen = policy_by_number(actor.city, number)
    if seen is None and not may(actor, action):
        raise NotAllowed.of(actor, action)  # whoever may do it to their own alone is not told which numbers there are
    if seen is None:
        raise HuiminError(f"found no policy {number!r}; expected one of this city", code="policy_not_found")
    own = f"resident:{seen.insured_id}"
    authorise(actor, action, owner=own if actor.owns(own) else f"resident:{seen.holder_id}")
    locked = lock_policies_of_members(actor.city, seen.psn_no)
    return next(policy for policy in locked if policy.id == seen.id)
