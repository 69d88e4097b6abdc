"""Comparing a day with a company's file, and closing it when everything that differs is explained."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City, CityQuerySet
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note
from huimin.platform.payments.cases import open_case
from huimin.platform.payments.models import Payment, PaymentCase, PaymentStatus, Receipt
from huimin.platform.payments.reconciliation.company_file import CompanyStatement, RowKind, read_company_file
from huimin.platform.payments.reconciliation.comparing import (
    Comparison,
    Difference,
    DifferenceKind,
    OurReceipt,
    compare,
)
from huimin.platform.payments.reconciliation.models import CompanyFile, DayState, ReconciledDay
from huimin.platform.tasks.api import enqueue

__all__ = ["RECONCILE", "ask_for_file", "cases_of_day", "close_day", "receipts_of_day", "reconcile"]

RECONCILE = "reconcile"
_CHUNK = 500
_AGREES_NOW = "再次对账时已一致（agrees when compared again）"


def ask_for_file(*, actor: Actor, provider: str, day: date) -> None:
    """Have a worker fetch the company's file of a day and compare it.

    Raises NotAllowed; HuiminError (`day_to_come`).
    """
    authorise(actor, Action.RECONCILE)
    _refuse_day_to_come(actor.city, day)
    city = actor.city
    with transaction.atomic():
        enqueue(city=city, kind=RECONCILE, payload={"provider": provider, "day": day.isoformat()})
        subject = f"day:{provider}:{day}"
        record_audit(city=city, actor=actor.text, action="company_file_asked", subject=subject, at=now(city))


@transaction.atomic
def reconcile(*, actor: Actor, provider: str, day: date, content: str) -> DayState:
    """Compare a day with the company's file: what differs becomes cases, and what agrees by now closes its own.

    Safe to run twice. Where nothing ever differed, the day is closed. Returns how the day stands. Raises
    NotAllowed; FileFaults with everything that is wrong with the file; HuiminError (`day_closed`, `day_to_come`).
    """
    authorise(actor, Action.RECONCILE)
    city, moment = actor.city, now(actor.city)
    _refuse_day_to_come(city, day)
    statement = read_company_file(content, day)
    row = ReconciledDay.objects.of(city).select_for_update().filter(provider=provider, day=day).first()
    if row is not None and row.state == DayState.CLOSED:
        raise HuiminError(f"{day} of {provider} is closed", code="day_closed", values={"day": str(day)})
    kept = _kept(actor, provider, statement, content, moment)
    found = _compared(city, provider, statement)
    _open_cases(city, provider, day, found.differences, moment)
    _close_what_agrees(actor, provider, day, found.differences, moment)
    row = row or ReconciledDay(city=city, provider=provider, day=day)
    row.file, row.compared_at = kept, moment
    row.matched, row.matched_amount, row.differences = found.matched, found.matched_amount, len(found.differences)
    row.state = DayState.OPEN if cases_of_day(city, provider, day) else DayState.AGREES
    if row.pk is None and not found.differences:
        row.state, row.closed_at, row.closed_by = DayState.CLOSED, moment, actor.text
    row.save()
    _audit(actor, row, "day_reconciled")
    return DayState(row.state)


@transaction.atomic
def close_day(*, actor: Actor, provider: str, day: date, note: str) -> None:
    """Close a day whose differences a person has explained, each in its case.

    Raises NotAllowed; HuiminError (`note_missing`, `day_unknown`, `day_closed`, `day_not_explained`).
    """
    authorise(actor, Action.RECONCILE)
    refuse_without_note(note)
    city = actor.city
    row = ReconciledDay.objects.of(city).select_for_update().filter(provider=provider, day=day).first()
    if row is None:
        raise HuiminError(f"no file of {day} was compared", code="day_unknown")
    if row.state == DayState.CLOSED:
        raise HuiminError(f"{day} of {provider} is closed", code="day_closed", values={"day": str(day)})
    waiting = cases_of_day(city, provider, day)
    if waiting:
        raise HuiminError(
            f"{waiting} differences of {day} are not explained yet",
            code="day_not_explained",
            values={"count": str(waiting), "day": str(day)},
        )
    row.state, row.closed_at, row.closed_by, row.note = DayState.CLOSED, now(city), actor.text, note
    row.save()
    _audit(actor, row, "day_closed")


def cases_of_day(city: City, provider: str, day: date) -> int:
    """How many differences of a day are not explained yet."""
    return _open_ones(city, provider, day).count()


def _open_ones(city: City, provider: str, day: date) -> CityQuerySet[PaymentCase]:
    kinds = [kind.value for kind in DifferenceKind]
    named = {"kind__in": kinds, "key__startswith": _key(provider, day, "")}
    rows: CityQuerySet[PaymentCase] = PaymentCase.objects.of(city).filter(**named, closed_at=None)
    return rows


def _key(provider: str, day: date, number: str) -> str:
    return f"{provider}:{day}:{number}"


def _refuse_day_to_come(city: City, day: date) -> None:
    if day >= today(city):
        raise HuiminError(f"{day} is not over yet", code="day_to_come", values={"day": str(day)})


def _kept(actor: Actor, provider: str, statement: CompanyStatement, content: str, moment: datetime) -> CompanyFile:
    """The file as a row. The same file again is the same row."""
    digest = hashlib.sha256(content.encode()).hexdigest()
    where = {"provider": provider, "day": statement.day, "digest": digest}
    known: CompanyFile | None = CompanyFile.objects.of(actor.city).filter(**where).first()
    if known is not None:
        return known
    found: CompanyFile = CompanyFile.objects.create(
        city=actor.city,
        **where,
        content=content,
        rows=len(statement.rows),
        paid=statement.paid,
        refunded=statement.refunded,
        fees=statement.fees,
        read_by=actor.text,
        read_at=moment,
    )
    return found


def _compared(city: City, provider: str, statement: CompanyStatement) -> Comparison:
    named = [row.transaction for row in statement.rows if row.kind is RowKind.PAID]
    of_day = {one.transaction: one for one in receipts_of_day(city, provider, statement.day)}
    known = of_day | {one.transaction: one for one in _receipts(city, provider, set(named) - of_day.keys())}
    left = of_day.keys() - set(named)
    elsewhere = _in_files_beside(city, provider, statement.day) if left else set()
    return compare(statement, known, left - elsewhere)


def receipts_of_day(city: City, provider: str, day: date) -> list[OurReceipt]:
    """By when the payer paid, as the company says; else by when we heard of it."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    rows = Receipt.objects.of(city).annotate(at=Coalesce("paid_at", "received_at"))
    rows = rows.filter(provider=provider, at__gte=start, at__lt=start + timedelta(days=1))
    return [OurReceipt(*values) for values in rows.values_list("transaction", "reference", "amount")]


def _receipts(city: City, provider: str, transactions: Collection[str]) -> Iterable[OurReceipt]:
    wanted = sorted(transactions)
    for start in range(0, len(wanted), _CHUNK):
        where = {"provider": provider, "transaction": wanted[start : start + _CHUNK]}
        for values in Receipt.objects.pick(city, ("transaction", "reference", "amount"), where):
            yield OurReceipt(*values)


def _in_files_beside(city: City, provider: str, day: date) -> set[str]:
    """Transactions that the company has in its files of the day before and after: around midnight clocks differ."""
    days = [day - timedelta(days=1), day + timedelta(days=1)]
    found: set[str] = set()
    for row in ReconciledDay.objects.of(city).filter(provider=provider, day__in=days).select_related("file"):
        found |= {one.transaction for one in read_company_file(row.file.content, row.day).rows}
    return found


def _open_cases(city: City, provider: str, day: date, found: Iterable[Difference], moment: datetime) -> None:
    for one in found:
        payment = Payment.objects.of(city).filter(provider=provider, reference=one.reference).first()
        open_case(
            city=city,
            kind=one.kind.value,
            key=_key(provider, day, one.transaction),
            payment_id=payment.pk if payment is not None else None,
            reference=one.reference,
            amount=_in_question(one),
            detail={"day": str(day), "transaction": one.transaction, "theirs": one.theirs, "ours": one.ours},
            at=moment,
        )
        if one.kind is DifferenceKind.MISSING_WITH_US and payment is not None and payment.status != PaymentStatus.PAID:
            # Its notice never came: the company is asked now, and what it says is taken as the notice.
            Payment.objects.of(city).filter(pk=payment.pk).update(query_at=timezone.now())


def _in_question(one: Difference) -> int:
    """Fen that one side has and the other not; both amounts the same under other references: the whole."""
    return abs((one.theirs or 0) - (one.ours or 0)) or (one.theirs or 0)


def _close_what_agrees(actor: Actor, provider: str, day: date, found: Iterable[Difference], moment: datetime) -> None:
    """A notice that came meanwhile, or a corrected file, explains a difference by itself."""
    still = {(one.kind.value, _key(provider, day, one.transaction)) for one in found}
    gone = [case.pk for case in _open_ones(actor.city, provider, day) if (case.kind, case.key) not in still]
    changes = {"closed_at": moment, "closed_by": actor.text, "note": _AGREES_NOW}
    PaymentCase.objects.of(actor.city).filter(pk__in=gone).update(**changes)


def _audit(actor: Actor, row: ReconciledDay, action: str) -> None:
    subject, detail = f"day:{row.provider}:{row.day}", {"matched": row.matched, "differences": row.differences}
    record_audit(city=actor.city, actor=actor.text, action=action, subject=subject, at=now(actor.city), detail=detail)
