"""Keeping what was not decided by itself: the whole message, with the reason, until a person has dealt with it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from huimin.errors import Refusal
from huimin.platform.claims.messages import Message
from huimin.platform.claims.models import ReviewItem
from huimin.platform.foundation.clock import now

__all__ = ["Held", "hold"]


@dataclass(frozen=True, slots=True)
class Held:
    """The bill was not adjudicated. It is kept for review, with the reason."""

    refusal: Refusal
    review_id: int | None


def hold(message: Message, refusal: Refusal) -> Held:
    """Keep the message for review; the same message again finds what was kept. Call it inside a transaction."""
    client, settlement = message.client, message.settlement
    review, _ = ReviewItem.objects.of(client.city).get_or_create(
        city=client.city,
        client=client,
        setl_id=settlement.setl_id,
        content_digest=message.digest,
        defaults={
            "psn_no": settlement.psn_no,
            "body": json.dumps(dict(message.body), ensure_ascii=False),
            "code": refusal.code,
            "reason": refusal.reason,
            "values": dict(refusal.values),
            "amount": max(0, settlement.amounts.get("medfee_sumamt", 0)),
            "received_at": now(client.city),
        },
    )
    return Held(refusal, review.pk)
