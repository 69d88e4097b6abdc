"""Premium that comes back of a policy: how much of it to whom, and the journal entries that say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huimin.errors import HuiminError
from huimin.money import share_out
from huimin.platform.enrolment.api import PolicyFacts, PolicyMoney
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, fund_party, post, premium_no_longer_owed, premium_returned
from huimin.platform.payments.api import MeansKind, Owed, Paid, RefundReason, collector_of, owe_refund
from huimin.platform.pool.api import premium_change
from huimin.platform.servicing.stories import source_of

__all__ = ["give_back", "reversal_entries"]

_COMPANY = "company"


@dataclass(frozen=True, slots=True)
class _Parts:
    """Who gets which part of what comes back, in fen: in the proportion in which they paid."""

    company: int
    others: dict[str, int]
    """By payer of the terms."""
    means: dict[MeansKind, dict[str, int]]
    """By kind and reference."""


def give_back(
    *, policy: PolicyFacts, money: PolicyMoney, fen: int, cause: str, reason: RefundReason, by: str, at: datetime
) -> None:
    """Take `fen` of a premium back from the insurers and owe it to those who paid it, by the road by which it came.

    Call it in the transaction of what it comes back for, with the policy and the payment locked. Raises HuiminError
    `road_back_unknown`.
    """
    city = policy.city
    parts = _parts(money, fen)
    entries = reversal_entries(city, policy, money, fen, cause)
    post(city=city, entries=entries, at=at)
    _give_back_means(city, parts, cause, at)
    if parts.company and money.payment is not None:
        paid = Paid(
            money.payment.id,
            money.payment.provider,
            money.payment.reference,
            money.payment.provider_transaction,
            money.payment.amount,
        )
        owed = Owed(source_of(policy.number), reason, paid, parts.company, policy.holder_id)
        owe_refund(city=city, owed=owed, by=by, at=at)


def reversal_entries(city: City, policy: PolicyFacts, money: PolicyMoney, fen: int, cause: str) -> Sequence[Entry]:
    """What is owed back, what others no longer owe, and the insurers' parts: the difference of two sharings.

    What accounts and funds get back is posted by whoever collects from them.
    """
    parts, source = _parts(money, fen), source_of(policy.number)
    owed_by = {fund_party(payer): amount for payer, amount in parts.others.items()}
    return [
        premium_returned(source=source, cause=cause, amount=parts.company),
        premium_no_longer_owed(source=f"order:{money.order_reference}", cause=cause, owed_by=owed_by),
        premium_change(
            city=city,
            plan_year_id=policy.plan_year_id,
            cause=cause,
            source=source,
            day=policy.member.cover_from,
            before=policy.price,
            after=policy.price - fen,
        ),
    ]


def _give_back_means(city: City, parts: _Parts, cause: str, at: datetime) -> None:
    """Each account and fund gets its part by whoever collects from it. Raises HuiminError `road_back_unknown`."""
    for kind, fen in parts.means.items():
        given_back = collector_of(kind).given_back
        if given_back is None:
            text = f"{kind} paid a part of this premium, and how it goes back is not known"
            raise HuiminError(text, code="road_back_unknown")
        given_back(city, fen, cause, at)


def _parts(money: PolicyMoney, fen: int) -> _Parts:
    weights = {_COMPANY: money.company, **{f"by {payer}": amount for payer, amount in money.paid_by.items()}}
    weights |= {f"{one.kind} {one.reference}": one.amount for one in money.means}
    shared = share_out(fen, weights, {name: place for place, name in enumerate(weights)})
    means: dict[MeansKind, dict[str, int]] = defaultdict(dict)
    for one in money.means:
        means[one.kind][one.reference] = shared[f"{one.kind} {one.reference}"]
    return _Parts(shared[_COMPANY], {payer: shared[f"by {payer}"] for payer in money.paid_by}, dict(means))
