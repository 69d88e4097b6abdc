"""Payments from personal accounts whose money has come, for whoever writes an invoice of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from huimin.platform.foundation.models import City
from huimin.platform.payments.personal_account.models import AccountLine, AccountReturn, LineState, ReturnRoad

__all__ = ["AccountPaid", "account_paid"]


@dataclass(frozen=True, slots=True)
class AccountPaid:
    """`amount` fen of one account came to the pool, and `back` fen of it go back to the account."""

    key: str
    order_reference: str
    payer_id: int
    insured_id: int
    plan_year_id: int
    amount: int
    back: int
    received_on: date


def account_paid(city: City, *, payer_id: int | None = None, keys: Collection[str] | None = None) -> list[AccountPaid]:
    """Those of one payer, or under these keys. Two statements."""
    rows = AccountLine.objects.of(city).filter(state=LineState.RECEIVED, transfer__bank_day__isnull=False)
    rows = rows.filter(payer=payer_id) if keys is None else rows.filter(key__in=keys)
    lines = list(rows.select_related("transfer").order_by("pk"))
    returns = AccountReturn.objects.of(city).filter(line__in=lines, road=ReturnRoad.AGENCY, struck_out_at=None)
    back = dict(returns.values_list("line").annotate(fen=Sum("amount")).order_by()) if lines else {}
    return [
        AccountPaid(
            line.key,
            line.order_reference,
            line.payer_id,
            line.insured_id,
            line.plan_year_id,
            line.amount,
            back.get(line.pk, 0),
            day,
        )
        for line in lines
        if line.transfer is not None and (day := line.transfer.bank_day) is not None
    ]
