"""What an agency transfers to the pool for the people insured in its area, and whether the bank has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.ledger.api import post
from huimin.platform.payments.personal_account.entries import entries_of_event
from huimin.platform.payments.personal_account.life import lock_lines, move
from huimin.platform.payments.personal_account.models import (
    AccountLine,
    AccountTransfer,
    LineState,
    TransferState,
)

__all__ = ["record_transfer", "transfer_received", "transfer_returned"]

_OWED = (LineState.APPROVED, LineState.RETURNED)


def record_transfer(*, actor: Actor, area: str, reference: str, amount: int, sent_on: date) -> int:
    """An agency says that it sent all that was approved for the people insured in its area and not sent yet.

    Returns the transfer's number. Raises NotAllowed; HuiminError (`transfer_other_amount` for anything but that sum,
    `transfer_known`, `transfer_in_future`, `nothing_to_transfer`).
    """
    authorise(actor, Action.RECORD_ACCOUNT_TRANSFER, owner=f"area:{area}")
    city, at = actor.city, now(actor.city)
    if sent_on > today(city):
        raise HuiminError(f"{sent_on} is still to come", code="transfer_in_future")
    with writing_together():
        if AccountTransfer.objects.of(city).filter(area=area, reference=reference).exists():
            raise HuiminError(f"transfer {reference} is recorded already", code="transfer_known")
        owed = AccountLine.objects.of(city).filter(insured_area=area, state__in=_OWED).order_by("pk")
        lines = [line for line in lock_lines(city, [*owed.values_list("key", flat=True)]) if line.state in _OWED]
        _refuse_other_amount(area, amount, sum(line.amount for line in lines))
        found = AccountTransfer(
            city=city,
            area=area,
            reference=reference,
            amount=amount,
            rows=len(lines),
            sent_on=sent_on,
            recorded_by=actor.text,
            recorded_at=at,
        )
        AccountTransfer.objects.insert([found])
        move(city, lines, "transferred", by=actor.text, at=at, data={"transfer": found.pk}, transfer=found)
        _audit(actor, found, action="account_transfer_recorded")
    return found.pk


def _refuse_other_amount(area: str, said: int, owed: int) -> None:
    if owed == 0:
        raise HuiminError(f"area {area} owes nothing that is not transferred yet", code="nothing_to_transfer")
    if said != owed:
        raise HuiminError(
            f"found a transfer of {format_yuan(said)} yuan; expected what area {area} owes: {format_yuan(owed)}",
            code="transfer_other_amount",
            values={"found": format_yuan(said), "expected": format_yuan(owed)},
        )


def transfer_received(*, actor: Actor, transfer_id: int, amount: int, bank_day: date) -> None:
    """The bank's statement shows it. Raises NotAllowed; HuiminError (`transfer_unknown`, `transfer_not_open`, and
    `bank_other_amount` where the bank has another sum: nothing is booked then).
    """
    authorise(actor, Action.MATCH_ACCOUNT_TRANSFER)
    with writing_together():
        found = _locked(actor.city, transfer_id, TransferState.SENT)
        if amount != found.amount:
            raise HuiminError(
                f"the bank has {format_yuan(amount)} yuan; expected {format_yuan(found.amount)}",
                code="bank_other_amount",
                values={"found": format_yuan(amount), "expected": format_yuan(found.amount)},
            )
        _match(actor, found, TransferState.RECEIVED, bank_day, {"transfer": found.pk})


def transfer_returned(*, actor: Actor, transfer_id: int, bank_day: date) -> None:
    """The bank sent it back, before or after it was received: the agency owes it as before.

    Raises NotAllowed; HuiminError (`transfer_unknown`, `transfer_not_open`).
    """
    authorise(actor, Action.MATCH_ACCOUNT_TRANSFER)
    with writing_together():
        found = _locked(actor.city, transfer_id, TransferState.SENT, TransferState.RECEIVED)
        was_received = found.state == TransferState.RECEIVED
        data = {"transfer": found.pk, **({"was_received": True} if was_received else {})}
        _match(actor, found, TransferState.RETURNED, bank_day, data)


def _locked(city: City, transfer_id: int, *expected: TransferState) -> AccountTransfer:
    found: AccountTransfer | None = AccountTransfer.objects.fetch_one(city, {"id": transfer_id}, lock=True)
    if found is None:
        raise HuiminError(f"there is no transfer {transfer_id}", code="transfer_unknown")
    if found.state not in expected:
        raise HuiminError(f"transfer {found} is {found.state} already", code="transfer_not_open")
    return found


def _match(actor: Actor, found: AccountTransfer, state: TransferState, day: date, data: Mapping[str, object]) -> None:
    city, at = actor.city, now(actor.city)
    keys = AccountLine.objects.of(city).filter(transfer=found).order_by("pk").values_list("key", flat=True)
    lines = lock_lines(city, list(keys))
    move(city, lines, state.value, by=actor.text, at=at, data=data)
    entries = [entry for line in lines for entry in entries_of_event(line, state.value, data)]
    post(city=city, entries=entries, at=at)
    changes = {"state": state, "bank_day": day, "matched_by": actor.text, "matched_at": at}
    AccountTransfer.objects.of(city).filter(pk=found.pk).update(**changes)
    _audit(actor, found, action=f"account_transfer_{state.value}")


def _audit(actor: Actor, found: AccountTransfer, *, action: str) -> None:
    subject, detail = f"account_transfer:{found.pk}", {"amount": found.amount, "rows": found.rows}
    record_audit(city=actor.city, actor=actor.text, action=action, subject=subject, at=now(actor.city), detail=detail)
