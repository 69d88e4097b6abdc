"""A line that is struck out: what becomes of the cover that was given on it, by the area's rule, and what is booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import post
from huimin.platform.payments.cases import open_case
from huimin.platform.payments.models import CaseKind
from huimin.platform.payments.personal_account.entries import entries_of_event
from huimin.platform.payments.personal_account.life import move
from huimin.platform.payments.personal_account.models import AccountLine
from huimin.platform.payments.personal_account.opening import RELEASE
from huimin.platform.payments.personal_account.returning import cancel_returns
from huimin.platform.payments.personal_account.rules import Mode
from huimin.platform.tasks.api import enqueue

__all__ = ["struck_out"]


def struck_out(city: City, lines: Sequence[AccountLine], *, by: str, reason: str, note: str, at: datetime) -> None:
    """Strike out these lines, which are locked. Call it in the transaction of who decided it.

    The account gets its money back. Where a policy was issued on it, the policy stays (rules.toml says by which rule)
    and the payer owes the premium: a person asks them for it. Where they had paid in another way, that payment stands.
    """
    move(city, lines, "struck_out", by=by, at=at, reason=reason, note=note)
    post(city=city, entries=[entry for line in lines for entry in entries_of_event(line, "struck_out", {})], at=at)
    less = cancel_returns(city, lines, at)
    for line in lines:
        enqueue(city=city, kind=RELEASE, key=line.key)
        owes = line.amount - less[line.pk]
        if line.mode != Mode.PAY_THEN_OFFSET and owes:
            _ask_the_payer(city, line, owes, reason, at)
        told = {"template": "account_struck_out", "order": line.order_reference, "resident": line.payer_id}
        enqueue(city=city, kind="notice", key=f"struck-out-{line.key}", payload=told)


def _ask_the_payer(city: City, line: AccountLine, owes: int, reason: str, at: datetime) -> None:
    open_case(
        city=city,
        kind=CaseKind.ACCOUNT_STRUCK_OUT,
        key=line.source,
        payment_id=None,
        reference=line.order_reference,
        amount=owes,
        detail={"line": line.key, "reason": reason},
        at=at,
    )
