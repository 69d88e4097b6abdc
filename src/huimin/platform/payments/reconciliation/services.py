"""Comparing a day with the file of it, and closing it when everything that differs is explained."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City, CityQuerySet
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note
from huimin.platform.payments.cases import open_case
from huimin.platform.payments.models import PaymentCase
from huimin.platform.payments.reconciliation.company import counterpart_of
from huimin.platform.payments.reconciliation.comparing import Difference, compare
from huimin.platform.payments.reconciliation.counterparts import Counterpart
from huimin.platform.payments.reconciliation.day_file import DayFile
from huimin.platform.payments.reconciliation.kinds import DAY_KINDS
from huimin.platform.payments.reconciliation.models import CompanyFile, DayState, ReconciledDay
from huimin.platform.tasks.api import enqueue

__all__ = ["RECONCILE", "ask_for_file", "case_key", "cases_of_day", "close_day", "close_explained", "reconcile"]

RECONCILE = "reconcile"
_AGREES_NOW = "再次对账时已一致（agrees when compared again）"


def ask_for_file(*, actor: Actor, provider: str, day: date) -> None:
    """Have a worker fetch the file of a day and compare it.

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
    """Compare a day with the file of it: what differs becomes cases, and what agrees by now closes its own.

    Safe to run twice. Where nothing ever differed, the day is closed. Returns how the day stands. Raises
    NotAllowed; FileFaults with everything that is wrong with the file; HuiminError (`day_closed`, `day_to_come`).
    """
    authorise(actor, Action.RECONCILE)
    city, moment = actor.city, now(actor.city)
    _refuse_day_to_come(city, day)
    party = counterpart_of(provider)
    statement = party.read(content, day)
    row = ReconciledDay.objects.of(city).select_for_update().filter(provider=provider, day=day).first()
    if row is not None and row.state == DayState.CLOSED:
        raise HuiminError(f"{day} of {provider} is closed", code="day_closed", values={"day": str(day)})
    kept = _kept(actor, provider, statement, content, moment)
    books = party.books(city, statement)
    found = compare(statement.lines, books.known, books.of_the_day)
    _open_cases(city, party, day, found.differences, moment)
    _close_what_agrees(actor, party, day, found.differences, moment)
    row = row or ReconciledDay(city=city, provider=provider, day=day)
    row.file, row.compared_at = kept, moment
    row.matched, row.matched_amount, row.differences = found.matched, found.matched_amount, len(found.differences)
    row.stated, row.booked = sum(line.amount for line in statement.lines), found.booked
    row.state = DayState.OPEN if cases_of_day(city, provider, day) else DayState.AGREES
    if row.pk is None and not found.differences:
        row.state, row.closed_at, row.closed_by = DayState.CLOSED, moment, actor.text
    row.save()
    _audit(city, actor.text, row, "day_reconciled")
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
    _audit(city, actor.text, row, "day_closed")


def close_explained(*, city: City, by: str, provider: str, day: date) -> None:
    """Close the day if nothing of it is left to explain. Call it in the transaction of the finding on its last case."""
    row = ReconciledDay.objects.of(city).select_for_update().filter(provider=provider, day=day).first()
    if row is None or row.state == DayState.CLOSED or cases_of_day(city, provider, day):
        return
    row.state, row.closed_at, row.closed_by = DayState.CLOSED, now(city), by
    row.save()
    _audit(city, by, row, "day_closed")


def cases_of_day(city: City, provider: str, day: date) -> int:
    """How many differences of a day are not explained yet."""
    return _open_ones(city, provider, day).count()


def _open_ones(city: City, provider: str, day: date) -> CityQuerySet[PaymentCase]:
    named = {"kind__in": DAY_KINDS, "key__startswith": case_key(provider, day, "")}
    rows: CityQuerySet[PaymentCase] = PaymentCase.objects.of(city).filter(**named, closed_at=None)
    return rows


def case_key(provider: str, day: date, number: str) -> str:
    """The key of the case of one transaction of a day."""
    return f"{provider}:{day}:{number}"


def _refuse_day_to_come(city: City, day: date) -> None:
    if day >= today(city):
        raise HuiminError(f"{day} is not over yet", code="day_to_come", values={"day": str(day)})


def _kept(actor: Actor, provider: str, statement: DayFile, content: str, moment: datetime) -> CompanyFile:
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
        rows=statement.rows,
        paid=statement.paid,
        refunded=statement.refunded,
        fees=statement.fees,
        read_by=actor.text,
        read_at=moment,
    )
    return found


def _open_cases(city: City, party: Counterpart, day: date, found: Iterable[Difference], moment: datetime) -> None:
    for one in found:
        open_case(
            city=city,
            kind=party.kinds[one.kind].value,
            key=case_key(party.code, day, one.transaction),
            payment_id=party.about(city, one),
            reference=one.reference,
            amount=_in_question(one),
            detail={"day": str(day), "transaction": one.transaction, "theirs": one.theirs, "ours": one.ours},
            at=moment,
        )


def _in_question(one: Difference) -> int:
    """Fen that one side has and the other not; both amounts the same under other references: the whole."""
    return abs((one.theirs or 0) - (one.ours or 0)) or abs(one.theirs or 0)


def _close_what_agrees(
    actor: Actor, party: Counterpart, day: date, found: Iterable[Difference], moment: datetime
) -> None:
    """A notice that came meanwhile, or a corrected file, explains a difference by itself."""
    still = {(party.kinds[one.kind].value, case_key(party.code, day, one.transaction)) for one in found}
    gone = [case.pk for case in _open_ones(actor.city, party.code, day) if (case.kind, case.key) not in still]
    changes = {"closed_at": moment, "closed_by": actor.text, "note": _AGREES_NOW}
    PaymentCase.objects.of(actor.city).filter(pk__in=gone).update(**changes)


def _audit(city: City, by: str, row: ReconciledDay, action: str) -> None:
    subject, detail = f"day:{row.provider}:{row.day}", {"matched": row.matched, "differences": row.differences}
    record_audit(city=city, actor=by, action=action, subject=subject, at=now(city), detail=detail)
