"""Takes bills that the bureau was asked for.

They are decided as if the hospital or pharmacy that treated had sent them, but what the plan pays is owed to the
insured, who has left the counter long ago.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from huimin.errors import Refusal
from huimin.platform.claims.holding import Held
from huimin.platform.claims.messages import Message, message_of
from huimin.platform.claims.models import Finding, ReviewItem, SettlementFact
from huimin.platform.claims.placing import policy_of_bill
from huimin.platform.claims.services import receive_message
from huimin.platform.claims.waiting import since_set_aside
from huimin.platform.enrolment.api import lock_policies_of_members
from huimin.platform.foundation.cities import institution_named
from huimin.platform.foundation.models import City

__all__ = ["Became", "FetchedBill", "TakenBill", "take_fetched"]


class Became(enum.StrEnum):
    """What became of a bill that the bureau told of."""

    DECIDED = "decided"
    KNOWN = "known"
    """The hospital, or an earlier claim, had brought it already."""
    HELD = "held"
    """A person looks at it, or has looked at it and refused it."""
    NOT_COVERED = "not_covered"
    """No policy of the person covers its day."""


@dataclass(frozen=True, slots=True)
class FetchedBill:
    """`body`: texts by national field name. `institution`: the code of the hospital or pharmacy that treated."""

    institution: str
    institution_name: str
    body: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakenBill:
    """`total` in fen. `fact_id`: of the bill among the member's. `review_id`: of the case, where it is held."""

    became: Became
    total: int
    fact_id: int | None = None
    review_id: int | None = None


def take_fetched(*, city: City, bill: FetchedBill) -> TakenBill:
    """Take one bill or reversal. Call it inside a transaction; taking it again changes nothing.

    Where the hospital said something else under the same number, both are kept and a person finds out which is genuine.
    """
    client = institution_named(city=city, code=bill.institution, name=bill.institution_name)
    message = replace(message_of(client, bill.body), at_counter=False, told_by_bureau=True)
    total = max(0, message.settlement.amounts.get("medfee_sumamt", 0))
    policies = lock_policies_of_members(city, message.settlement.psn_no)
    known = _last_fact(message)
    if known is None:
        looked_at = _with_a_person(message)
        if looked_at is not None:
            return TakenBill(Became.HELD, total, review_id=looked_at)
        place = policy_of_bill(message.settlement, policies)
        if isinstance(place, Refusal) and place.code == "uncovered_date" and message.settlement.reverses is None:
            return TakenBill(Became.NOT_COVERED, total)
    found = receive_message(message)
    if isinstance(found, Held):
        return TakenBill(Became.HELD, total, known, found.review_id)
    fact = _last_fact(message)
    return TakenBill(Became.DECIDED if known is None else Became.KNOWN, total, fact)


def _last_fact(message: Message) -> int | None:
    """The key of what counts under this number of this institution; None where nothing does."""
    named = {"client": message.client, "setl_id": message.settlement.setl_id}
    rows = SettlementFact.objects.fetch(message.client.city, named, order_by=("id",), without=("body", "care"))
    stands = since_set_aside(rows)
    return stands[-1].pk if stands else None


def _with_a_person(message: Message) -> int | None:
    """The case that this bill is already, where a person still looks at it or has refused it.

    That the bureau tells of it again does not decide it past them.
    """
    rows = ReviewItem.objects.of(message.client.city).filter(client=message.client, setl_id=message.settlement.setl_id)
    for key, closed_at, outcome in rows.order_by("-pk").values_list("pk", "closed_at", "outcome"):
        if closed_at is None or outcome == Finding.REFUSE:
            return int(key)
    return None
