"""Organisations' money computed again from facts: what came in, was used, came back and went out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

from huimin.platform.bulk.entries import deposit_entry, given_back_entry, payout_entry
from huimin.platform.bulk.models import (
    ENROLLED,
    BulkRow,
    Deposit,
    GivenBack,
    Organisation,
    OrganisationMoney,
    Payout,
)
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification

__all__ = ["faults_of_money", "recompute_organisations"]


def recompute_organisations(city: City, result: Verification) -> Iterator[Entry]:
    """The entries of money that came in, came back and went out; what was used is computed with each order."""
    result.faults += faults_of_money(city)
    codes = dict(Organisation.objects.of(city).values_list("pk", "code"))
    for deposit in Deposit.objects.of(city).order_by("pk"):
        result.counts["deposits"] += 1
        yield deposit_entry(codes[deposit.organisation_id], deposit)
    for payout in Payout.objects.of(city).order_by("pk"):
        yield payout_entry(codes[payout.organisation_id], payout)
    for back in GivenBack.objects.of(city).select_related("row").order_by("pk"):
        yield given_back_entry(codes[back.row.organisation_id], back)


def faults_of_money(city: City) -> list[str]:
    """A sentence for each organisation of which something else is left than its facts say."""
    expected: Counter[int] = Counter()
    for rows, sign in (
        (Deposit.objects.of(city).values_list("organisation_id"), 1),
        (Payout.objects.of(city).values_list("organisation_id"), -1),
    ):
        for key, fen in rows.annotate(sum=Sum("amount")).order_by():
            expected[key] += sign * fen
    used = BulkRow.objects.of(city).filter(state__in=ENROLLED).values_list("organisation_id")
    for key, fen in used.annotate(sum=Sum("fen")).order_by():
        expected[key] -= fen
    back = GivenBack.objects.of(city).values_list("row__organisation_id").annotate(sum=Sum("amount")).order_by()
    for key, fen in back:
        expected[key] += fen
    left = dict(OrganisationMoney.objects.of(city).values_list("organisation_id", "left_fen"))
    return [
        f"organisation:{code}: {left.get(pk, 0)} fen are left by its row; its facts say {expected[pk]} fen"
        for pk, code in Organisation.objects.of(city).order_by("pk").values_list("pk", "code")
        if left.get(pk, 0) != expected[pk]
    ]
