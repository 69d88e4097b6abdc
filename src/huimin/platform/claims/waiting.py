"""Reversals that came before their bill: those that take effect when it comes, and those that cannot reverse it.

The result does not depend on the order in which they come. A reversal that would have been held if it had come after
its bill is held when the bill comes: it no longer counts as a fact, and a person finds it in the queue with the same
reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from huimin.errors import Refusal
from huimin.platform.claims.holding import hold
from huimin.platform.claims.member_year import as_settlement, standing
from huimin.platform.claims.messages import message_of, set_aside_of
from huimin.platform.claims.models import ReviewItem, SettlementFact
from huimin.platform.claims.placing import reversed_bill
from huimin.platform.foundation.services import content_digest

__all__ = ["LONG_WAIT", "Misfit", "Waiting", "set_aside", "since_set_aside", "waiting_for"]

LONG_WAIT = timedelta(days=7)
"""Our own assumption: hospitals send the bills of a day within the next nights. If the bill of a reversal does not come
within a week, it is lost or the id is wrong, and handlers are shown the reversal.
"""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A reversal that waited for a bill that it cannot reverse, and the refusal that it would get if it came now."""

    fact: SettlementFact
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Waiting:
    fits: tuple[SettlementFact, ...] = ()
    misfits: tuple[Misfit, ...] = ()


def waiting_for(fact: SettlementFact, rows: Sequence[SettlementFact]) -> Waiting:
    """The reversals that wait for this fact, which is not stored yet. `rows` are those of `known_of`."""
    fits: list[SettlementFact] = []
    misfits: list[Misfit] = []
    naming = [row for row in standing(rows) if row.reverses == fact.setl_id]
    taken = {row.client_id for row in naming if row.policy_id is not None and row.payee == fact.payee}
    for row in naming:
        if row.policy_id is not None:
            continue
        if row.client_id == fact.client_id:
            row.client = fact.client  # spares a statement
        target = reversed_bill(as_settlement(row), row.client, [*rows, fact])
        if target is fact and row.client_id in taken:
            target = _already_reversed(row)
        if isinstance(target, Refusal):
            misfits.append(Misfit(row, target))
        elif target is fact:
            fits.append(row)
            taken.add(row.client_id)
    return Waiting(tuple(fits), tuple(misfits))


def _already_reversed(row: SettlementFact) -> Refusal:
    """The refusal in the core's words. The sender and the bureau may both reverse a bill, but neither may do it
    twice.
    """
    named = row.reverses or ""
    reason = f"settlement {named} was already reversed by an earlier row"
    return Refusal(row.setl_id, "already_reversed", reason, {"named": named})


def set_aside(misfits: Sequence[Misfit], moment: datetime) -> None:
    """Withdraw these reversals as facts, and hold their messages for a person to look at."""
    for misfit in misfits:
        city = misfit.fact.city
        (fact,) = SettlementFact.objects.fetch(city, {"id": misfit.fact.pk})
        SettlementFact.objects.insert([set_aside_of(fact, moment)])
        client = misfit.fact.client
        client.city = city
        message = message_of(client, json.loads(fact.body))
        held = hold(message, misfit.refusal)
        if ReviewItem.objects.pick(city, ("closed_at",), {"id": held.review_id}) != [[None]]:
            # It was held for another reason before, and that case is closed, so this is a new case.
            hold(replace(message, digest=content_digest({"set_aside": message.digest})), misfit.refusal)


def since_set_aside(revisions: Iterable[SettlementFact]) -> list[SettlementFact]:
    """The revisions of an id, by arrival, that came after it was last set aside. Earlier ones no longer count."""
    found: list[SettlementFact] = []
    for revision in revisions:
        found = [] if revision.withdrawn and revision.policy_id is None else [*found, revision]
    return found
