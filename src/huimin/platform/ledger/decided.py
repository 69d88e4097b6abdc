"""What decisions changed of what is payable to one party: each change as the journal has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.platform.ledger.accounts import CLAIM_PAYABLE
from huimin.platform.ledger.entries import CLAIM_DECIDED
from huimin.platform.ledger.models import Posting
from huimin.platform.ledger.parties import Party

__all__ = ["Decided", "decided_for"]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision by which another amount is owed for a bill. `amount`: by how much more, in fen (less: below zero).

    A correction is posted as the old amount taken back and the new one: both together are one decision.
    """

    entry: int
    """The number of its first journal entry."""
    source: str
    """The bill, by its name in the journal."""
    cause: str
    """What led to it: the bill itself, its correction or a reversal, by its name."""
    amount: int
    posted_at: datetime


def decided_for(city: City, party: Party, since: datetime | None = None) -> list[Decided]:
    """Every decision that was posted from `since` on and changed what is owed, in the order of posting."""
    rows = Posting.objects.of(city).filter(account=CLAIM_PAYABLE.code, party=party.text, entry__kind=CLAIM_DECIDED)
    if since is not None:
        rows = rows.filter(entry__posted_at__gte=since)
    found: dict[tuple[str, str, datetime], Decided] = {}
    names = ("entry_id", "entry__source", "entry__cause", "amount", "entry__posted_at")
    for entry, source, cause, fen, at in rows.order_by("entry_id").values_list(*names):
        before = found.get((source, cause, at), Decided(entry, source, cause, 0, timezone.localtime(at)))
        found[source, cause, at] = replace(before, amount=before.amount - fen)
    return [one for one in found.values() if one.amount]
