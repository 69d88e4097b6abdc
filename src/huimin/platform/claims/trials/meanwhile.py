"""Why the answer to a bill has changed: what has come into the member's year since a trial."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.receiving import Seen
from huimin.platform.claims.trials.models import SettlementTrial

__all__ = ["Came", "Cause", "came_meanwhile"]


class Cause(StrEnum):
    BILL_CAME = "bill_came"
    BILL_CORRECTED = "bill_corrected"
    BILL_REVERSED = "bill_reversed"
    POLICY_CHANGED = "policy_changed"
    """No bill came: the policy, or what is known of the insured person, is another."""


@dataclass(frozen=True, slots=True)
class Came:
    """`setl_id`: the sender's own bill that it is about; empty for another sender's, whose ids it may not see."""

    cause: Cause
    setl_id: str


def came_meanwhile(trial: SettlementTrial, seen: Seen) -> list[Came]:
    later = (fact for fact in seen.known.facts if fact.pk > trial.facts_through)
    found = dict.fromkeys(_came(fact, seen.message.client.code) for fact in later)
    return list(found) or [Came(Cause.POLICY_CHANGED, "")]


def _came(fact: SettlementFact, own_code: str) -> Came:
    named = fact.reverses or fact.setl_id
    if fact.reverses is not None:
        cause = Cause.BILL_REVERSED
    else:
        cause = Cause.BILL_CORRECTED if fact.revision else Cause.BILL_CAME
    return Came(cause, named if fact.payee == own_code else "")
