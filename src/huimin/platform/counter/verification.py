"""Cash computed again from facts: what is owed back, was paid out, was paid in, and was written off."""

from __future__ import annotations

from collections.abc import Iterator

from huimin.platform.counter.entries import back_entry, banked_entry, paid_out_entry, written_off_entry
from huimin.platform.counter.models import CashBack, CashPaidOut, CashPart, CashState, TillBanked, TillWriteOff
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification

__all__ = ["recompute_cash"]


def recompute_cash(city: City, result: Verification) -> Iterator[Entry]:
    """The entries of cash that paid for nothing any more, left a till, came to the bank, or was not there."""
    for back in CashBack.objects.of(city).select_related("part").order_by("pk"):
        yield back_entry(back)
    for out in CashPaidOut.objects.of(city).select_related("back__part").order_by("pk"):
        yield paid_out_entry(out)
    for banked in TillBanked.objects.of(city).select_related("closing").order_by("pk"):
        result.counts["closings"] += 1
        yield banked_entry(banked)
    for written_off in TillWriteOff.objects.of(city).select_related("closing").order_by("pk"):
        yield written_off_entry(written_off)
    odd = CashPart.objects.of(city).filter(state=CashState.USED, taken_at=None)
    result.faults += [f"cash:{part.key}: a policy is paid with cash that nobody took" for part in odd]
