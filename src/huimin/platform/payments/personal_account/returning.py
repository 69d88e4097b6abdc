"""Premium that goes back to the account that paid it, after its policy ended: in which way, and when it was sent.

What the bureau only holds is let go. What an agency has approved, or may approve yet, goes back through it: the pool
owes that agency the money until it is sent. Where the agency struck the line out, the payer owes so much less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, Sum

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor, queue_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City, CityQuerySet
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.ledger.api import (
    Entry,
    agency_party,
    bank_party,
    one_area_owes_another,
    personal_account_return_sent,
    personal_account_return_struck_out,
    post,
    premium_back_to_account,
    premium_back_to_agency,
    premium_back_to_debt,
    premium_returned,
)
from huimin.platform.payments.models import CaseKind, PaymentCase
from huimin.platform.payments.payment_facts import payment_facts
from huimin.platform.payments.personal_account.entries import BANK, clearing_source
from huimin.platform.payments.personal_account.life import lock_lines, move
from huimin.platform.payments.personal_account.models import (
    AccountDebt,
    AccountLine,
    AccountReturn,
    LineState,
    ReturnRoad,
)
from huimin.platform.payments.personal_account.opening import RELEASE
from huimin.platform.payments.personal_account.rules import Mode
from huimin.platform.payments.refunds.models import RefundReason
from huimin.platform.payments.refunds.owing import Owed, Paid, owe_refund
from huimin.platform.tasks.api import enqueue

__all__ = ["ReturnDue", "cancel_returns", "entries_of_return", "give_back", "record_return", "returns_due"]

_CHARGED = (LineState.APPROVED, LineState.TRANSFERRED, LineState.RECEIVED, LineState.RETURNED)


def give_back(city: City, fen: Mapping[str, int], cause: str, at: datetime) -> None:
    """These fen, by the key of a line, go back to its account. Call it in the transaction in which its policy ends.

    Raises HuiminError (`account_line_state`) for a line that paid for no policy, or for more than is left of it.
    """
    lines = {line.key: line for line in lock_lines(city, [key for key, amount in fen.items() if amount])}
    before = dict(
        AccountReturn.objects.of(city)
        .filter(line__in=[line.pk for line in lines.values()])
        .values_list("line")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    rows = []
    for key, line in lines.items():
        if line.used_at is None or before.get(line.pk, 0) + fen[key] > line.amount:
            message = f"{fen[key]} fen cannot go back of line {key} of {line.amount} fen, which is {line.state}"
            raise HuiminError(message, code="account_line_state", values={"key": key, "state": str(line.state)})
        rows.append(
            AccountReturn(
                city=city,
                line=line,
                amount=fen[key],
                road=_road(line, fen[key]),
                cause=cause,
                month=today(city).replace(day=1),
                recorded_at=at,
            )
        )
    AccountReturn.objects.insert(rows)
    for row in rows:
        if row.road == ReturnRoad.LET_GO:
            move(city, [row.line], "release_asked", by=queue_actor(city).text, at=at)
            enqueue(city=city, kind=RELEASE, key=row.line.key)
        if row.road == ReturnRoad.DEBT and before.get(row.line_id, 0) + row.amount == row.line.amount:
            _nothing_is_owed(city, row.line, at)
    post(city=city, entries=[entry for row in rows for entry in _entries_of_giving_back(row)], at=at)
    for row in rows:
        if row.road == ReturnRoad.PAYER:
            _to_the_payer(city, row, at)


def _to_the_payer(city: City, row: AccountReturn, at: datetime) -> None:
    """Back by the transaction that paid the debt."""
    debts = AccountDebt.objects.of(city).filter(line=row.line).exclude(paid_at=None).select_related("payment")
    debt = debts.order_by("-paid", "pk")[0]
    paid = Paid.of(payment_facts(debt.payment))
    owed = Owed(_source_of(row), RefundReason.WITHDRAWN, paid, row.amount, row.line.payer_id)
    owe_refund(city=city, owed=owed, by=queue_actor(city).text, at=at)


def _source_of(row: AccountReturn) -> str:
    """What its entries belong to: a refund of its own, where it goes to the payer."""
    return f"account_return:{row.pk}" if row.road == ReturnRoad.PAYER else str(row.line.source)


def _nothing_is_owed(city: City, line: AccountLine, at: datetime) -> None:
    """Nobody has to ask the payer any more."""
    cases = PaymentCase.objects.of(city).filter(kind=CaseKind.ACCOUNT_STRUCK_OUT, key=line.source, closed_at=None)
    cases.update(closed_at=at, closed_by=queue_actor(city).text, note="the policy was given up")


def _road(line: AccountLine, amount: int) -> ReturnRoad:
    if line.state == LineState.STRUCK_OUT:
        paid = AccountDebt.objects.of(line.city).filter(line=line).exclude(paid_at=None)
        return ReturnRoad.PAYER if paid.exists() else ReturnRoad.DEBT
    held = line.state == LineState.HELD and line.mode != Mode.REAL_TIME
    return ReturnRoad.LET_GO if held and amount == line.amount else ReturnRoad.AGENCY


def cancel_returns(city: City, lines: Sequence[AccountLine], at: datetime) -> Counter[int]:
    """An agency strikes these lines out, so that nothing has to go back through it: their payers owe less instead.

    Returns how many fen less, by the number of the line.
    """
    rows = AccountReturn.objects.of(city).filter(line__in=[line.pk for line in lines], road=ReturnRoad.AGENCY)
    found = list(rows.filter(sent_on=None, struck_out_at=None).select_related("line").order_by("pk"))
    AccountReturn.objects.of(city).filter(pk__in=[row.pk for row in found]).update(struck_out_at=at)
    post(city=city, entries=[entry for row in found for entry in _entries_of_striking_out(row)], at=at)
    less: Counter[int] = Counter()
    for row in found:
        less[row.line_id] += row.amount
    return less


@dataclass(frozen=True, slots=True)
class ReturnDue:
    """What the pool owes the agency of an area, which brings it back to the accounts. Amount in fen."""

    area: str
    count: int
    amount: int


def returns_due(city: City) -> list[ReturnDue]:
    """By area of the insured, whose agency had paid."""
    rows = _due(city).values_list("line__insured_area").annotate(count=Count("pk"), total=Sum("amount"))
    return [ReturnDue(*values) for values in rows.order_by("line__insured_area")]


def record_return(*, actor: Actor, area: str, reference: str, sent_on: date) -> int:
    """The pool has sent the agency of an area all that it owes it for accounts. Returns the fen.

    `reference`: the bank's. Raises NotAllowed; HuiminError (`transfer_in_future`, `nothing_to_transfer`).
    """
    authorise(actor, Action.MATCH_ACCOUNT_TRANSFER)
    city, at = actor.city, now(actor.city)
    if sent_on > today(city):
        raise HuiminError(f"{sent_on} is still to come", code="transfer_in_future")
    with writing_together():
        due = _due(city).filter(line__insured_area=area)
        rows = list(due.select_for_update(of=("self",)).select_related("line").order_by("pk"))
        if not rows:
            raise HuiminError(f"nothing is to go back to the agency of area {area}", code="nothing_to_transfer")
        changes = {"sent_on": sent_on, "sent_reference": reference, "sent_by": actor.text}
        AccountReturn.objects.of(city).filter(pk__in=[row.pk for row in rows]).update(**changes)
        for row in rows:
            row.sent_on, row.sent_reference = sent_on, reference
        post(city=city, entries=[_entry_of_sending(row) for row in rows], at=at)
        total: int = sum(row.amount for row in rows)
        record_audit(
            city=city,
            actor=actor.text,
            action="account_returns_sent",
            subject=f"area:{area}",
            at=at,
            detail={"amount": total, "rows": len(rows), "reference": reference},
        )
    return total


def _due(city: City) -> CityQuerySet[AccountReturn]:
    """Nothing goes back to an agency that has not taken it out of the account yet."""
    rows: CityQuerySet[AccountReturn] = AccountReturn.objects.of(city).filter(road=ReturnRoad.AGENCY, sent_on=None)
    charged = Q(line__state__in=_CHARGED) | Q(line__state=LineState.HELD, line__mode=Mode.REAL_TIME)
    return rows.filter(charged, struck_out_at=None)


def entries_of_return(row: AccountReturn) -> Iterator[Entry]:
    """Every entry that it has, from the row alone, with its line."""
    yield from _entries_of_giving_back(row)
    if row.struck_out_at is not None:
        yield from _entries_of_striking_out(row)
    if row.sent_on is not None:
        yield _entry_of_sending(row)


def _entries_of_giving_back(row: AccountReturn) -> Iterator[Entry]:
    line, named = row.line, {"source": _source_of(row), "cause": row.cause, "amount": row.amount}
    if row.road == ReturnRoad.PAYER:
        yield premium_returned(**named)
    elif row.road == ReturnRoad.LET_GO:
        yield premium_back_to_account(**named, charges=agency_party(line.payer_area))
    elif row.road == ReturnRoad.DEBT:
        yield premium_back_to_debt(**named)
    else:
        yield premium_back_to_agency(**named, pays=agency_party(line.insured_area))
        yield from _between_areas(row, owes=line.insured_area, is_owed=line.payer_area)


def _entries_of_striking_out(row: AccountReturn) -> Iterator[Entry]:
    line, named = row.line, {"source": row.line.source, "cause": row.cause, "amount": row.amount}
    yield personal_account_return_struck_out(**named, pays=agency_party(line.insured_area))
    yield from _between_areas(row, owes=line.payer_area, is_owed=line.insured_area)


def _between_areas(row: AccountReturn, *, owes: str, is_owed: str) -> Iterator[Entry]:
    if owes != is_owed:
        month = clearing_source(f"{row.month:%Y-%m}")
        parties = {"charges": agency_party(owes), "pays": agency_party(is_owed)}
        yield one_area_owes_another(source=month, cause=row.line.source, amount=row.amount, **parties)


def _entry_of_sending(row: AccountReturn) -> Entry:
    named = {"source": row.line.source, "cause": f"account_return:{row.sent_reference}", "amount": row.amount}
    return personal_account_return_sent(**named, pays=agency_party(row.line.insured_area), bank=bank_party(BANK))
