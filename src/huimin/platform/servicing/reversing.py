"""Premium that comes back of a policy: how much of it to whom, and the journal entries that say so.

It may come back in several parts, and more may be paid in between: each payer gets the part in which they paid, of what
is theirs by then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from huimin.errors import HuiminError
from huimin.money import share_out
from huimin.platform.enrolment.api import PolicyFacts, PolicyMoney, policy_money
from huimin.platform.foundation.events import Event, that_stand
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, fund_party, post, premium_no_longer_owed, premium_returned
from huimin.platform.payments.api import (
    MeansKind,
    Owed,
    Paid,
    PaymentFacts,
    RefundReason,
    collector_of,
    lock_payment,
    owe_refund,
)
from huimin.platform.pool.api import premium_change
from huimin.platform.servicing.happened import Happened
from huimin.platform.servicing.stories import source_of

__all__ = ["Back", "ends_before_money", "give_back", "money_entries", "policy_cost", "take_more"]

_COMPANY, _OTHERS = "company", "others"


@dataclass(frozen=True, slots=True)
class Back:
    """`fen` of a policy's premium come back. `cause`: why, by its name in the journal; `source`: what the refund
    belongs to there."""

    fen: int
    cause: str
    source: str


@dataclass(frozen=True, slots=True)
class _Move:
    """Premium comes back or is added: each payer's part in fen, and what the policy cost before and after."""

    cause: str
    source: str
    parts: Mapping[str, int]
    before: int
    after: int


def give_back(
    *, policy: PolicyFacts, events: Sequence[Event], back: Back, reason: RefundReason, by: str, at: datetime
) -> None:
    """Take premium back from the insurers and owe it to those who paid it, by the road by which it came.

    `events`: the policy's history before. Call it in the transaction of what it comes back for, with the policy locked.
    Locks its payments. Raises HuiminError `road_back_unknown`.
    """
    if not back.fen:
        return
    city, money = policy.city, policy_money(policy.city, policy.id)
    _lock_money(city, money)
    move = _back_of(_left(policy, money, events), back)
    post(city=city, entries=list(_entries(policy, money, move)), at=at)
    _give_back_means(city, move, at)
    for payment, source in _companies(money, move.source):
        fen = move.parts.get(f"{_COMPANY} {payment.reference}", 0)
        if fen:
            owed = Owed(source, reason, Paid.of(payment), fen, policy.holder_id)
            owe_refund(city=city, owed=owed, by=by, at=at)


def take_more(*, policy: PolicyFacts, fen: int, order: str, at: datetime) -> None:
    """A difference was paid by this order: the insurers get their parts. Call it in the transaction of the notice."""
    move = _Move(f"order:{order}", source_of(policy.number), {}, policy.premium, policy.premium + fen)
    post(city=policy.city, entries=[_shared(policy, move)], at=at)


def _lock_money(city: City, money: PolicyMoney) -> None:
    """Let nobody else pay back of what was paid for the policy."""
    for payment, _source in _companies(money, ""):
        lock_payment(city, payment.id)


def money_entries(policy: PolicyFacts, money: PolicyMoney, events: Sequence[Event]) -> Iterator[Entry]:
    """The entries of everything that came back of the policy and was added to it, by its history."""
    for move, _left_then in _moves(policy, money, events):
        yield from _entries(policy, money, move)


def policy_cost(policy: PolicyFacts, money: PolicyMoney, events: Sequence[Event]) -> tuple[int, int]:
    """(fen that came back, fen that were added), by the policy's history."""
    steps = [move.after - move.before for move, _left_then in _moves(policy, money, events)]
    return -sum(step for step in steps if step < 0), sum(step for step in steps if step > 0)


def ends_before_money(events: Sequence[Event]) -> bool:
    """Whether the policy ended, or its insured died, so that nothing more comes back of it by a correction."""
    return any(event.kind in (Happened.WITHDRAWN, Happened.DIED) for event in that_stand(events))


def _moves(
    policy: PolicyFacts, money: PolicyMoney, events: Sequence[Event]
) -> Iterator[tuple[_Move, Mapping[str, int]]]:
    """Everything that came back or was added, each with what of every payer's money is premium after it."""
    left = _first(money)
    for event in that_stand(events):
        cost = sum(left.values())
        if event.kind == Happened.PAID_MORE:
            fen = event.data["fen"]
            left = {**left, f"{_COMPANY} {event.data['order']}": fen}
            yield _Move(f"order:{event.data['order']}", source_of(policy.number), {}, cost, cost + fen), left
        elif event.data.get("fen"):
            move = _back_of(left, _back_in(event))
            left = {payer: part - move.parts[payer] for payer, part in left.items()}
            yield move, left


def _back_in(event: Event) -> Back:
    """What came back by an event."""
    return Back(event.data["fen"], event.data["cause"], event.data["source"])


def _left(policy: PolicyFacts, money: PolicyMoney, events: Sequence[Event]) -> Mapping[str, int]:
    """What of each payer's money is still premium."""
    left: Mapping[str, int] = _first(money)
    for _move, left in _moves(policy, money, events):  # noqa: B007 the last one is what is left
        pass
    return left


def _first(money: PolicyMoney) -> dict[str, int]:
    """Who paid the price when the policy was issued, in fen by payer."""
    found = {f"{_OTHERS} {payer}": fen for payer, fen in money.paid_by.items()}
    found |= {f"{one.kind} {one.reference}": one.amount for one in money.means}
    if money.payment is not None:
        found[f"{_COMPANY} {money.payment.reference}"] = money.company
    return found


def _back_of(left: Mapping[str, int], back: Back) -> _Move:
    cost = sum(left.values())
    parts = share_out(back.fen, left, {payer: place for place, payer in enumerate(sorted(left))})
    return _Move(back.cause, back.source, parts, cost, cost - back.fen)


def _companies(money: PolicyMoney, source: str) -> Iterator[tuple[PaymentFacts, str]]:
    """Each payment of the company, with what its refund belongs to in the journal: one refund for each."""
    if money.payment is not None:
        yield money.payment, source
    for payment, _fen in money.differences:
        yield payment, f"{source}/{payment.reference}"


def _entries(policy: PolicyFacts, money: PolicyMoney, move: _Move) -> Iterator[Entry]:
    """What is owed back, what others no longer owe, and the insurers' parts: the difference of two sharings.

    What accounts and funds get back is posted by whoever collects from them.
    """
    for payment, source in _companies(money, move.source):
        fen = move.parts.get(f"{_COMPANY} {payment.reference}", 0)
        if fen:
            yield premium_returned(source=source, cause=move.cause, amount=fen)
    owed_by = {fund_party(payer): fen for payer in money.paid_by if (fen := move.parts.get(f"{_OTHERS} {payer}", 0))}
    if owed_by:
        yield premium_no_longer_owed(source=f"order:{money.order_reference}", cause=move.cause, owed_by=owed_by)
    yield _shared(policy, move)


def _shared(policy: PolicyFacts, move: _Move) -> Entry:
    return premium_change(
        city=policy.city,
        plan_year_id=policy.plan_year_id,
        cause=move.cause,
        source=source_of(policy.number),
        day=policy.cover_sold[0],
        before=move.before,
        after=move.after,
    )


def _give_back_means(city: City, move: _Move, at: datetime) -> None:
    """Each account and fund gets its part by whoever collects from it. Raises HuiminError `road_back_unknown`."""
    by_kind: dict[MeansKind, dict[str, int]] = defaultdict(dict)
    for payer, fen in move.parts.items():
        kind, _space, reference = payer.partition(" ")
        if fen and kind in set(MeansKind):
            by_kind[MeansKind(kind)][reference] = fen
    for kind, parts in by_kind.items():
        given_back = collector_of(kind).given_back
        if given_back is None:
            text = f"{kind} paid a part of this premium, and how it goes back is not known"
            raise HuiminError(text, code="road_back_unknown")
        given_back(city, parts, move.cause, at)
