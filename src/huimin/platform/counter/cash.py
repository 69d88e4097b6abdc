"""Cash of orders: expected, taken by whoever placed the order, used for policies, and owed back."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from huimin.platform.counter.entries import NO_COVER, back_entry, paid_out_entry
from huimin.platform.counter.failures import CounterError
from huimin.platform.counter.models import CashBack, CashPaidOut, CashPart, CashState
from huimin.platform.counter.tills import in_till
from huimin.platform.enrolment.api import order_by_reference
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.foundation.staff import lock_staff
from huimin.platform.ledger.api import post
from huimin.platform.payments.api import MeansKind, means_failed, means_in

__all__ = ["expect_cash", "forgo_cash", "give_back", "let_go", "new_cash_key", "pay_out_cash", "take_cash", "use"]

_PAYABLE = "waiting"


def new_cash_key() -> str:
    return secrets.token_hex(10)


def expect_cash(city: City, order: str, till: str, parts: Mapping[int, tuple[str, int]], at: datetime) -> None:
    """An order is to be paid in cash: key and fen by insured person. Part of placing it."""
    CashPart.objects.insert(
        CashPart(city=city, key=key, order=order, insured_id=insured, till=till, fen=fen, requested_at=at)
        for insured, (key, fen) in parts.items()
    )


@transaction.atomic
def take_cash(*, actor: Actor, order: str) -> int:
    """The payer handed the cash over, to whoever placed the order. Returns how many fen.

    The queue issues the policies. Raises NotAllowed; CounterError `cash_not_expected` where the order waits for the
    bureau still, was paid, or is another person's to take.
    """
    authorise(actor, Action.TAKE_CASH)
    city, moment = actor.city, now(actor.city)
    found = order_by_reference(city, order)
    parts = _expected(city, order, actor.key) if found is not None and found.status == _PAYABLE else []
    if not parts:
        raise CounterError(f"the order {order!r} does not wait for cash at this till", code="cash_not_expected")
    for part in parts:
        part.state, part.taken_at = CashState.TAKEN, moment
        part.save(update_fields=["state", "taken_at"])
        means_in(city=city, kind=MeansKind.CASH, reference=part.key)
    fen = int(sum(part.fen for part in parts))
    _audit(actor, "cash_taken", f"order:{order}", fen)
    return fen


@transaction.atomic
def forgo_cash(*, actor: Actor, order: str) -> None:
    """The payer does not pay after all: the order ends, and the person may order again.

    Raises NotAllowed; CounterError `cash_not_expected`.
    """
    authorise(actor, Action.TAKE_CASH)
    city = actor.city
    parts = _expected(city, order, actor.key)
    if not parts:
        raise CounterError(f"the order {order!r} does not wait for cash at this till", code="cash_not_expected")
    for part in parts:
        part.state = CashState.LET_GO
        part.save(update_fields=["state"])
        means_failed(city=city, kind=MeansKind.CASH, reference=part.key, reason="not_paid_in_cash")
    _audit(actor, "cash_forgone", f"order:{order}", sum(part.fen for part in parts))


@transaction.atomic
def pay_out_cash(*, actor: Actor, back_id: int) -> int:
    """Pay what is owed back out of one's own till. Returns how many fen.

    Raises NotAllowed; CounterError `cash_not_owed` where it was paid out, `till_short` where the till has less.
    """
    authorise(actor, Action.TAKE_CASH)
    city = actor.city
    backs: list[CashBack] = CashBack.objects.fetch(city, {"id": back_id}, lock=True)
    if not backs or CashPaidOut.objects.of(city).filter(back=back_id).exists():
        raise CounterError(f"nothing is owed in cash under {back_id}", code="cash_not_owed")
    (back,) = backs
    lock_staff(actor.key)
    if in_till(city, actor.key) < back.amount:
        raise CounterError(f"the till has less than {back.amount} fen", code="till_short")
    row = CashPaidOut.objects.create(city=city, back=back, till=actor.key, paid_by=actor.text, recorded_at=now(city))
    post(city=city, entries=[paid_out_entry(row)], at=now(city))
    _audit(actor, "cash_paid_out", f"cash:{back.part.key}", back.amount)
    return int(back.amount)


def use(city: City, references: Sequence[str], at: datetime) -> None:
    """Policies were issued for these."""
    _of(city, references).filter(state=CashState.TAKEN).update(state=CashState.USED)


def let_go(city: City, references: Sequence[str], at: datetime) -> None:
    """No cover came of these: what was taken is owed back, and the rest is not asked for any more."""
    _of(city, references).filter(state=CashState.EXPECTED).update(state=CashState.LET_GO)
    for part in _of(city, references).filter(state=CashState.TAKEN).select_for_update():
        part.state = CashState.OWED
        part.save(update_fields=["state"])
        _owe(city, part, part.fen, NO_COVER, at)


def give_back(city: City, fen: Mapping[str, int], cause: str, at: datetime) -> None:
    """Policies ended: these fen, by reference, are owed in cash. Raises CounterError `cash_not_owed` for more."""
    parts = {part.key: part for part in _of(city, list(fen)).select_for_update()}
    for reference, amount in fen.items():
        part = parts[reference]
        before = CashBack.objects.of(city).filter(part=part).aggregate(sum=Sum("amount"))["sum"] or 0
        if before + amount > part.fen:
            text = f"{amount} fen would be owed of {part.fen} fen in cash, of which {before} are already"
            raise CounterError(text, code="cash_not_owed")
        if amount:
            _owe(city, part, amount, cause, at)


def _owe(city: City, part: CashPart, amount: int, cause: str, at: datetime) -> None:
    back = CashBack.objects.create(city=city, part=part, amount=amount, cause=cause, recorded_at=at)
    post(city=city, entries=[back_entry(back)], at=at)


def _expected(city: City, order: str, till: str) -> list[CashPart]:
    rows = CashPart.objects.of(city).filter(order=order, till=till, state=CashState.EXPECTED)
    return list(rows.order_by("pk").select_for_update())


def _of(city: City, references: Collection[str]):  # type: ignore[no-untyped-def]
    return CashPart.objects.of(city).filter(key__in=references).order_by("pk")


def _audit(actor: Actor, action: str, subject: str, fen: int) -> None:
    detail = {"amount": fen}
    record_audit(city=actor.city, actor=actor.text, action=action, subject=subject, at=now(actor.city), detail=detail)
