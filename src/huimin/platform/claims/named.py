"""Bills and reversals by their names in the journal: what their senders said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.owing import journal_names
from huimin.platform.foundation.models import City

__all__ = ["NamedBill", "bills_named"]

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NamedBill:
    """A bill or reversal as its last revision says. `reverses`: the bill that it reverses, None for a bill itself."""

    setl_id: str
    settled_on: date
    discharged_on: date | None
    reverses: str | None


def bills_named(city: City, names: Collection[str]) -> dict[str, NamedBill]:
    """What is known of each name; names of anything else are left out."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for name in names:
        kind, _, rest = name.partition(":")
        sender, _, setl_id = rest.partition(":")
        if kind == "settlement" and setl_id:
            wanted[sender].add(setl_id)
    found: dict[str, NamedBill] = {}
    for sender, ids in wanted.items():
        listed = sorted(ids)
        for start in range(0, len(listed), _AT_ONCE):
            found |= _of_sender(city, sender, listed[start : start + _AT_ONCE])
    return found


def _of_sender(city: City, sender: str, ids: list[str]) -> dict[str, NamedBill]:
    rows = SettlementFact.objects.of(city).filter(client__code=sender, setl_id__in=ids).order_by("pk")
    values = rows.values_list("setl_id", "setl_time", "discharge", "reverses")
    return {
        journal_names(sender, setl_id)[0]: NamedBill(setl_id, timezone.localdate(at), discharge, reverses)
        for setl_id, at, discharge, reverses in values
    }
