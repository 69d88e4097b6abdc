"""The statement of a hospital for a month is made: everything that no statement has yet, to the month's end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError

from huimin.platform.claims.api import bills_named
from huimin.platform.clearing.failures import ClearingError
from huimin.platform.clearing.lines import DrawnLine, digest_of, drawn_lines
from huimin.platform.clearing.models import (
    ONE_LINE_FOR_A_DECISION,
    ONE_STATEMENT_A_MONTH,
    HospitalStatement,
    StatementLine,
)
from huimin.platform.clearing.rules import DAYS_TO_ANSWER
from huimin.platform.foundation.actors import Actor, queue_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import FUTURE_TOLERANCE, begin_of, month_after, now, today
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import clients
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.ledger.api import Decided, Party, PartyKind, decided_for
from huimin.platform.tasks.api import Attempt

__all__ = ["make_statement", "make_statements", "paid_clients", "party_of", "unstated", "unstated_since"]

_AT_ONCE = 500
"""So many rows go in one statement of SQL."""
_PAID = {kind.value for kind in (PartyKind.HOSPITAL, PartyKind.PHARMACY)}


def make_statements(attempt: Attempt) -> None:
    """A worker's, once a month: the statements of the month before. Safe to run twice, and to go on where it stopped:
    each statement is a transaction of its own, and is made once.
    """
    city = attempt.task.city
    month = (today(city).replace(day=1) - timedelta(days=1)).replace(day=1)
    owed = paid_clients(city)
    for done, client in enumerate(owed):
        attempt.progress(done, len(owed))
        try:
            make_statement(actor=queue_actor(city), client=client, month=month)
        except ClearingError as error:
            if error.code not in ("nothing_to_state", "statement_made"):
                raise


def make_statement(*, actor: Actor, client: ApiClient, month: date) -> int:
    """State what is owed to a hospital or pharmacy and stands in no statement yet, to the end of `month`.

    A reversal or correction of what a statement has is a line of this one, with the bill's line before; nothing that
    was stated changes. Returns the statement's number. Raises NotAllowed; ClearingError (`month_not_over`,
    `statement_made`, `nothing_to_state`).
    """
    authorise(actor, Action.MAKE_HOSPITAL_STATEMENT)
    city, first = actor.city, month.replace(day=1)
    if today(city) < month_after(first):
        raise ClearingError(f"{first:%Y-%m} is not over yet", code="month_not_over", values={"month": f"{first:%Y-%m}"})
    try:
        with writing_together():
            return _made(actor, client, first)
    except IntegrityError as error:
        # Another worker made it at the same moment.
        both = ((HospitalStatement, ONE_STATEMENT_A_MONTH), (StatementLine, ONE_LINE_FOR_A_DECISION))
        if not any(violates(error, model, name) for model, name in both):
            raise
        raise _made_already(party_of(client), first) from error


def _made(actor: Actor, client: ApiClient, month: date) -> int:
    city, party, moment = actor.city, party_of(client), now(actor.city)
    lines = _unstated_lines(city, party, month_after(month))
    # Asked last: of what another worker has just stated, the statement is seen then.
    if HospitalStatement.objects.of(city).filter(party=party.text, month__gte=month).exists():
        raise _made_already(party, month)
    if not lines:
        values = {"party": party.text, "month": f"{month:%Y-%m}"}
        text = "nothing is owed to {party} that no statement has, to the end of {month}".format(**values)
        raise ClearingError(text, code="nothing_to_state", values=values)
    said = [(number, line.setl_id, line.amount) for number, line in enumerate(lines, start=1)]
    found = HospitalStatement(
        city=city,
        client=client,
        party=party.text,
        month=month,
        rows=len(lines),
        amount=sum(line.amount for line in lines),
        digest=digest_of(party.text, month, said),
        answer_until=today(city) + timedelta(days=DAYS_TO_ANSWER),
        made_by=actor.text,
        made_at=moment,
    )
    HospitalStatement.objects.insert([found])
    _insert_lines(found, lines)
    _audit(actor, found, moment)
    return found.pk


def _insert_lines(statement: HospitalStatement, lines: Iterable[DrawnLine]) -> None:
    rows = [_row(statement, number, line) for number, line in enumerate(lines, start=1)]
    for start in range(0, len(rows), _AT_ONCE):
        StatementLine.objects.insert(rows[start : start + _AT_ONCE])


def _row(statement: HospitalStatement, number: int, line: DrawnLine) -> StatementLine:
    return StatementLine(
        city=statement.city,
        statement=statement,
        number=number,
        party=statement.party,
        entry=line.decided.entry,
        source=line.decided.source,
        cause=line.decided.cause,
        setl_id=line.setl_id,
        kind=line.kind,
        discharged_on=line.discharged_on,
        settled_on=line.settled_on,
        amount=line.amount,
    )


def _unstated_lines(city: City, party: Party, until: date) -> list[DrawnLine]:
    decided = unstated(city, party)
    bills = bills_named(city, {name for one in decided for name in (one.source, one.cause)})
    known = _days_stated(city, {one.source for one in decided})
    return drawn_lines(decided, bills, known, until)


def unstated(city: City, party: Party) -> list[Decided]:
    """What was decided for this party and stands in no statement yet, in the order in which it was decided."""
    decided = decided_for(city, party, unstated_since(city, party))
    rows = StatementLine.objects.of(city).filter(party=party.text, entry__gte=decided[0].entry if decided else 0)
    stated = set(rows.values_list("entry", flat=True))
    return [one for one in decided if one.entry not in stated]


def unstated_since(city: City, party: Party) -> datetime | None:
    """Everything that was posted before this moment stands in a statement; None where there is no statement yet.

    A message may be dated a little later than it comes, so that it belongs to the month after.
    """
    rows = HospitalStatement.objects.of(city).filter(party=party.text).order_by("-month")
    last = rows.values_list("month", flat=True).first()
    return None if last is None else begin_of(month_after(last)) - 2 * FUTURE_TOLERANCE


def _days_stated(city: City, sources: Collection[str]) -> dict[str, date]:
    """By bill, the day of its last line in a statement."""
    if not sources:
        return {}
    return dict(StatementLine.objects.pick(city, ("source", "settled_on"), {"source": sorted(sources)}, ("id",)))


def paid_clients(city: City) -> list[ApiClient]:
    """The hospitals and pharmacies, also those that may send nothing any more: they may be owed something yet."""
    return [client for client in clients(city) if client.kind in _PAID]


def party_of(client: ApiClient) -> Party:
    return Party(PartyKind(client.kind), client.code)


def _made_already(party: Party, month: date) -> ClearingError:
    values = {"party": party.text, "month": f"{month:%Y-%m}"}
    return ClearingError(
        "{party} has its statement of {month} already".format(**values), code="statement_made", values=values
    )


def _audit(actor: Actor, found: HospitalStatement, at: datetime) -> None:
    detail = {"rows": found.rows, "amount": found.amount}
    record_audit(
        city=actor.city,
        actor=actor.text,
        action="hospital_statement_made",
        subject=f"hospital_statement:{found.pk}",
        at=at,
        detail=detail,
    )
