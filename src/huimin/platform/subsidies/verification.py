"""Funds computed again from facts: what came in, what was drawn, and what the guard of the money says is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.subsidies.entries import contribution_entry
from huimin.platform.subsidies.models import Contribution, Draw, DrawStatus, Fund
from huimin.platform.subsidies.selectors import left_in_funds

__all__ = ["committed_by_order", "faults_of_funds", "recompute_funds"]

_OPEN = (DrawStatus.RESERVED, DrawStatus.COMMITTED)


def recompute_funds(city: City, result: Verification) -> Iterator[Entry]:
    """The entry of each contribution. What was drawn is part of its order's entry, which is computed with the order."""
    result.faults += faults_of_funds(city)
    codes = dict(Fund.objects.of(city).values_list("pk", "code"))
    for row in Contribution.objects.of(city).order_by("pk"):
        result.counts["contributions"] += 1
        yield contribution_entry(codes[row.fund_id], row)


def faults_of_funds(city: City) -> list[str]:
    """A sentence for each fund of which something else is left than what came in less what was drawn or reserved."""
    came_in, taken = _sums(Contribution.objects.of(city)), _sums(Draw.objects.of(city).filter(status__in=_OPEN))
    left = left_in_funds(city)
    return [
        f"fund:{code}: {left.get(pk, 0)} fen are left by its parts; what came in less its open draws is {expected} fen"
        for pk, code in Fund.objects.of(city).order_by("pk").values_list("pk", "code")
        if left.get(pk, 0) != (expected := came_in[pk] - taken[pk])
    ]


def _sums(rows: object) -> Counter[int]:
    found = rows.values_list("fund_id").annotate(total=Sum("amount")).order_by()  # type: ignore[attr-defined]
    return Counter(dict(found))


def committed_by_order(city: City) -> dict[tuple[str, str, int], int]:
    """Fen by order, code of the fund and resident, that paid for a policy; those that went back to the fund too."""
    rows = Draw.objects.of(city).filter(status__in=(DrawStatus.COMMITTED, DrawStatus.RETURNED))
    values = rows.values_list("order", "fund__code", "resident_id", "amount")
    return {(order, code, resident): amount for order, code, resident, amount in values}
