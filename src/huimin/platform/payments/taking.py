"""A payment company's notice is kept and answered at once. A worker does what follows from it, soon after (ADR 41).

One row is written: the task that says what came. Nobody can cancel it, and it is done at least once.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from huimin.platform.foundation.actors import Actor, provider_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.gateways.api import Notice
from huimin.platform.tasks.api import enqueue

__all__ = ["NOTICE_TAKEN", "TakenNotice", "take_notice", "taken_notice"]

NOTICE_TAKEN = "notice_taken"
"""The kind of the task. The context that keeps orders registers what does it."""


@dataclass(frozen=True, slots=True)
class TakenNotice:
    """What a company said, and when it came."""

    city: City
    provider: str
    notice: Notice
    came: datetime

    @property
    def actor(self) -> Actor:
        return provider_actor(self.city, self.provider)


def take_notice(*, actor: Actor, notice: Notice) -> None:
    """Keep a notice, so that it can be answered and need not come again. Raises NotAllowed."""
    authorise(actor, Action.REPORT_PAYMENT)
    city, paid_at = actor.city, notice.paid_at
    said = {**asdict(notice), "paid_at": paid_at.isoformat() if paid_at is not None else None}
    payload = {"provider": actor.code, "came": now(city).isoformat(), "notice": said}
    # Each is a task of its own, also one that says the same again.
    enqueue(city=city, kind=NOTICE_TAKEN, key=f"{notice.reference[:80]}:{uuid4().hex}", payload=payload)


def taken_notice(city: City, content: str) -> TakenNotice:
    """What the content of a task says, of a notice that was taken."""
    said = json.loads(content)
    paid_at = said["notice"]["paid_at"]
    notice = Notice(**{**said["notice"], "paid_at": datetime.fromisoformat(paid_at) if paid_at else None})
    return TakenNotice(city, said["provider"], notice, datetime.fromisoformat(said["came"]))
