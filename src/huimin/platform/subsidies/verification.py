"""Funds computed again from facts: what came in, what was drawn, and what the guard of the money says is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.subsidies.entries import contribution_entry
from huimin.platform.subsidies.giving_back import returned_entry
from huimin.platform.subsidies.models import Contribution, Draw, DrawStatus, Fund, Returned
from huimin.platform.subsidies.selectors import left_in_funds

__all__ = ["drawn_by_claim", "faults_of_funds", "recompute_funds"]

_OPEN = (DrawStatus.RESERVED, DrawStatus.COMMITTED)


def recompute_funds(city: City, result: Verification) -> Iterator[Entry]:
    """The entry of each contribution. What was drawn is part of its order's entry, which is computed with the order."""
    result.faults += faults_of_funds(city)
    codes = dict(Fund.objects.of(city).values_list("pk", "code"))
    for row in Contribution.objects.of(city).order_by("pk"):
        result.counts["contributions"] += 1
        yield contribution_entry(codes[row.fund_id], row)
    for back in Returned.objects.of(city).select_related("draw").order_by("pk"):
        yield returned_entry(codes[back.draw.fund_id], back)


def faults_of_funds(city: City) -> list[str]:
    """A sentence for each fund of which something else is left than what came in less what was drawn or reserved."""
    came_in, taken = _sums(Contribution.objects.of(city)), _sums(Draw.objects.of(city).filter(status__in=_OPEN))
    left = left_in_funds(city)
    parts = Returned.objects.of(city).filter(draw__status=DrawStatus.COMMITTED).values_list("draw__fund_id")
    taken.subtract(dict(parts.annotate(total=Sum("amount")).order_by()))
    return [
        f"fund:{code}: {left.get(pk, 0)} fen are left by its parts; what came in less its open draws is {expected} fen"
        for pk, code in Fund.objects.of(city).order_by("pk").values_list("pk", "code")
        if left.get(pk, 0) != (expected := came_in[pk] - taken[pk])
    ]


def _sums(rows: object) -> Counter[int]:
    found = rows.values_list("fund_id").annotate(total=Sum("amount")).order_by()  # type: ignore[attr-defined]
    return Counter(dict(found))


def drawn_by_claim(city: City) -> dict[str, tuple[str, int]]:
    """Fund and fen by the reference of an order's means, that paid for a policy; those that went back since too."""
    rows = Draw.objects.of(city).filter(status__in=(DrawStatus.COMMITTED, DrawStatus.RETURNED))
    return {claim: (code, fen) for claim, code, fen in rows.values_list("claim", "fund__code", "amount")}
