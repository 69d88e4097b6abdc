"""Tills: what is in one, counting it at the end of a day, and another person who finds it on the bank's statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from huimin.platform.counter.entries import banked_entry
from huimin.platform.counter.failures import CounterError
from huimin.platform.counter.models import CashBack, CashPaidOut, CashPart, TillBanked, TillClosing, TillWriteOff
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.foundation.staff import lock_staff
from huimin.platform.ledger.api import post

__all__ = ["Closing", "Owed", "cash_owed", "close_till", "closings", "confirm_banked", "in_till"]

_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Closing:
    """`short` fen were missing when it was counted; below zero, too many. `bank` is empty until it is paid in.

    `stands`: the difference is in the till's account still, and was not counted again since.
    """

    id: int
    till: str
    expected: int
    counted: int
    note: str
    closed_at: datetime
    bank: str
    transfer: str
    confirmed_by: str
    written_off_by: str
    stands: bool

    @property
    def short(self) -> int:
        return self.expected - self.counted


@dataclass(frozen=True, slots=True)
class Owed:
    id: int
    resident_id: int
    amount: int
    cause: str
    since: datetime


def in_till(city: City, till: str) -> int:
    """Fen that lie in the till by what was taken, paid out, counted and written off."""
    taken = CashPart.objects.of(city).filter(till=till, taken_at__isnull=False).aggregate(sum=Sum("fen"))["sum"] or 0
    out = CashPaidOut.objects.of(city).filter(till=till).aggregate(sum=Sum("back__amount"))["sum"] or 0
    counted = TillClosing.objects.of(city).filter(till=till).aggregate(sum=Sum("counted_fen"))["sum"] or 0
    gone = TillWriteOff.objects.of(city).filter(closing__till=till).aggregate(sum=Sum("amount"))["sum"] or 0
    return int(taken - out - counted - gone)


@transaction.atomic
def close_till(*, actor: Actor, counted: int, note: str = "") -> int:
    """Count one's own till, for paying it in. Returns the closing's number.

    Raises NotAllowed; CounterError: `till_empty`; `note_missing` where another sum is counted than should be there.
    """
    authorise(actor, Action.TAKE_CASH)
    # Whoever counts it, or pays out of it, does one after the other.
    lock_staff(actor.key)
    city, expected = actor.city, in_till(actor.city, actor.key)
    if counted <= 0 or expected <= 0:
        raise CounterError(f"{expected} fen should be in the till; {counted} fen were counted", code="till_empty")
    if counted != expected and not note.strip():
        text = f"{expected} fen should be in the till, and {counted} were counted: say why"
        raise CounterError(text, code="note_missing")
    row = TillClosing.objects.create(
        city=city, till=actor.key, expected_fen=expected, counted_fen=counted, note=note, closed_at=now(city)
    )
    _audit(actor, "till_closed", row.pk, {"expected": expected, "counted": counted})
    return int(row.pk)


@transaction.atomic
def confirm_banked(*, actor: Actor, closing_id: int, bank: str, transfer: str) -> None:
    """Another person than the one who counted found the cash on the bank's statement.

    Raises NotAllowed; CounterError: `closing_not_open`, `same_person`, `bad_bank_slip`.
    """
    authorise(actor, Action.CONFIRM_BANKED)
    city, bank, transfer = actor.city, bank.strip(), transfer.strip()
    closing: TillClosing | None = TillClosing.objects.fetch_one(city, {"id": closing_id}, lock=True)
    if closing is None or TillBanked.objects.of(city).filter(closing=closing_id).exists():
        raise CounterError(f"closing {closing_id} is not there, or not waiting to be paid in", code="closing_not_open")
    if closing.till == actor.key:
        raise CounterError("whoever counted the till does not confirm it themself", code="same_person")
    known = TillBanked.objects.of(city).filter(bank=bank, transfer=transfer).exists()
    if not bank or not transfer or known:
        raise CounterError("found no bank slip of its own for this closing", code="bad_bank_slip")
    row = TillBanked.objects.create(
        city=city,
        closing=closing,
        bank=bank,
        transfer=transfer,
        confirmed_by=actor.text,
        recorded_at=now(city),
    )
    post(city=city, entries=[banked_entry(row)], at=now(city))
    _audit(actor, "till_banked", closing_id, {"amount": closing.counted_fen})


def closings(city: City, till: str = "") -> list[Closing]:
    """Of one till, or of all; the latest first, and those that are not paid in before the others."""
    rows = TillClosing.objects.of(city).select_related("banked", "written_off").order_by("-pk")
    last = set(rows.order_by("till").values_list("till").annotate(last=Max("pk")).values_list("last", flat=True))
    found = [_closing(row, row.pk in last) for row in (rows.filter(till=till) if till else rows)[:_SHOWN]]
    return sorted(found, key=lambda one: bool(one.bank))


def _closing(row: TillClosing, last: bool) -> Closing:
    banked: TillBanked | None = getattr(row, "banked", None)
    written_off: TillWriteOff | None = getattr(row, "written_off", None)
    return Closing(
        row.pk,
        row.till,
        row.expected_fen,
        row.counted_fen,
        row.note,
        timezone.localtime(row.closed_at),
        banked.bank if banked else "",
        banked.transfer if banked else "",
        banked.confirmed_by if banked else "",
        written_off.written_off_by if written_off else "",
        last and written_off is None and row.expected_fen != row.counted_fen,
    )


def cash_owed(city: City) -> list[Owed]:
    """What payers get back in cash and have not got yet, the oldest first."""
    rows = CashBack.objects.of(city).filter(paid_out=None).select_related("part").order_by("pk")
    return [
        Owed(row.pk, row.part.insured_id, row.amount, row.cause, timezone.localtime(row.recorded_at)) for row in rows
    ]


def _audit(actor: Actor, action: str, closing: int, detail: dict[str, int]) -> None:
    subject = f"till_closing:{closing}"
    record_audit(city=actor.city, actor=actor.text, action=action, subject=subject, at=now(actor.city), detail=detail)
