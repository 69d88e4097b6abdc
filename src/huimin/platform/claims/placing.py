"""Where a message belongs: the policy in whose year a bill counts, and the bill that a reversal cancels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from huimin.adjudication.applying import bill_day
from huimin.errors import Refusal
from huimin.platform.claims.member_year import standing, terms_of_policy
from huimin.platform.claims.models import SettlementFact
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.authorising import may
from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.permissions import Action
from huimin.settlement import Settlement

__all__ = ["last_day_of_bills", "policy_of_bill", "reversed_bill"]

_SETTLED_LATER = timedelta(days=90)
"""Our own assumption: where another day of a bill counts, such as that of admission, it is settled this much later at
most.
"""


def policy_of_bill(settlement: Settlement, policies: Sequence[PolicyFacts]) -> PolicyFacts | Refusal:
    """The member's policy whose cover includes the bill's day. Each policy's own terms say which date of the bill that
    is.
    """
    if not policies:
        return Refusal(settlement.setl_id, "unknown_member", "no policy has this psn_no")
    found, missing, periods, days = [], [], [], []
    for policy in policies:
        program = terms_of_policy(policy).program
        member = policy.member
        first, last = max(member.cover_from, program.cover_from), min(member.cover_to, program.cover_to)
        day = bill_day(program, settlement)
        periods.append(f"{first} to {last}")
        days.append(f"{program.bill_date} {day or 'not reported'}")
        if day is None:
            missing.append(program.bill_date)
        elif first <= day <= last:
            found.append(policy)
    if len(found) == 1:
        return found[0]
    if found:
        numbers = " and ".join(policy.number for policy in found)
        reason = f"{numbers} both cover the bill, each by its own date; a person has to decide where it belongs"
        return Refusal(settlement.setl_id, "two_policies", reason, {"policies": numbers})
    if len(missing) == len(policies):
        reason = f"the plan places a bill by its {missing[0]} date, which was not reported"
        return Refusal(settlement.setl_id, "missing_date", reason)
    of_bill, spans = ", ".join(dict.fromkeys(days)), ", ".join(periods)
    reason = f"the bill is of {of_bill}; the member is covered from {spans}"
    values = {"day": of_bill.rpartition(" ")[2], "periods": spans.replace(" to ", "–")}
    return Refusal(settlement.setl_id, "uncovered_date", reason, values)


def last_day_of_bills(policy: PolicyFacts) -> date:
    """The last day on which a bill may be settled that still falls into the policy's cover."""
    program = terms_of_policy(policy).program
    last = min(policy.member.cover_to, program.cover_to)
    return last if program.bill_date == "settlement" else last + _SETTLED_LATER


def reversed_bill(
    settlement: Settlement, client: ApiClient, rows: Iterable[SettlementFact]
) -> SettlementFact | Refusal | None:
    """The bill that a reversal names; or why it may not reverse it; or None if that bill has not come yet.

    Any sender may name its own bills. A sender whom the permissions let reverse everybody's bills may name any bill of
    this member. `rows` are the member's facts, and this sender's facts with one of the two ids.
    """
    if settlement.reverses == settlement.setl_id:
        reason = f"it reverses {settlement.reverses}, which is itself a reversal"
        return Refusal(settlement.setl_id, "reverses_reversal", reason, _names(settlement))
    named = [fact for fact in standing(rows) if fact.setl_id == settlement.reverses]
    own = next((fact for fact in named if fact.client_id == client.pk), None)
    if own is not None:
        return _refuse_own(settlement, own) or (own if own.reverses is None else None)
    others = [fact for fact in named if fact.reverses is None and fact.psn_no == settlement.psn_no]
    if not may(client_actor(client), Action.REVERSE):
        if not others:
            return None
        reason = f"settlement {settlement.reverses} was sent by another; only its sender or the bureau may reverse it"
        return Refusal(settlement.setl_id, "reverses_of_other_sender", reason, _names(settlement))
    if len(others) > 1:
        senders = " and ".join(fact.payee for fact in others)
        reason = f"{senders} each sent a settlement {settlement.reverses} of this member; expected one"
        return Refusal(settlement.setl_id, "reverses_ambiguous", reason, _names(settlement))
    return others[0] if others else None


def _refuse_own(settlement: Settlement, own: SettlementFact) -> Refusal | None:
    if own.psn_no != settlement.psn_no:
        reason = f"it reverses {settlement.reverses}, which belongs to another member"
        return Refusal(settlement.setl_id, "reverses_other_member", reason, _names(settlement))
    if own.reverses is not None:
        reason = f"it reverses {settlement.reverses}, which is itself a reversal"
        return Refusal(settlement.setl_id, "reverses_reversal", reason, _names(settlement))
    return None


def _names(settlement: Settlement) -> dict[str, str]:
    return {"named": settlement.reverses or ""}
