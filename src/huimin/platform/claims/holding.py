"""Keeps messages that could not be decided automatically, whole and with the reason, until a person has dealt with
them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huimin.errors import Refusal
from huimin.platform.claims.cases.case import first_due_on, lock_open_case, open_case
from huimin.platform.claims.cases.rules import Happened, Turn
from huimin.platform.claims.messages import Message
from huimin.platform.claims.models import ReviewItem
from huimin.platform.foundation.clock import now

__all__ = ["Held", "hold"]


@dataclass(frozen=True, slots=True)
class Held:
    """The bill was not adjudicated. It is kept for review, with the reason."""

    refusal: Refusal
    review_id: int | None


def hold(message: Message, refusal: Refusal, earlier: Sequence[ReviewItem] = ()) -> Held:
    """Keep the message for review. The same message a second time gets the same review. Call it inside a transaction.

    `earlier` has what was held before under the message's id, if the sender itself has now sent the message. A handler
    has to act next on those that the sender had been asked to send again.
    """
    client, settlement, moment = message.client, message.settlement, now(message.client.city)
    first: dict[str, Any] = {
        "psn_no": settlement.psn_no,
        "body": json.dumps(dict(message.body), ensure_ascii=False),
        "code": refusal.code,
        "reason": refusal.reason,
        "values": dict(refusal.values),
        "amount": max(0, settlement.amounts.get("medfee_sumamt", 0)),
        "received_at": moment,
        "due_on": lambda: first_due_on(client.city, moment),
    }
    review, is_new = ReviewItem.objects.of(client.city).get_or_create(
        city=client.city, client=client, setl_id=settlement.setl_id, content_digest=message.digest, defaults=first
    )
    if is_new:
        open_case(review)
    for row in earlier:
        if row.turn == Turn.SENDER:
            _sent_again(row, moment)
    return Held(refusal, review.pk)


def _sent_again(review: ReviewItem, moment: datetime) -> None:
    case = lock_open_case(review.city, review.pk)
    if case is not None:
        case.happens(Happened.SENT_AGAIN, actor=f"client:{review.client_id}", at=moment)
