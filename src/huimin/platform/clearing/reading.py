"""Statements and their lines, read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from huimin.platform.clearing.models import HospitalStatement, LineKind, LineState, StatementLine
from huimin.platform.clearing.money import unpaid_of
from huimin.platform.clearing.statement_facts import LineFacts, LineSums, StatementFacts, StatementState
from huimin.platform.clearing.subject import LARGE_LINE, LINE
from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.selectors import open_proposals_on
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.payouts.api import PayoutStatus, payouts_numbered, payouts_to_hospital

__all__ = [
    "LINES_A_PAGE",
    "all_lines",
    "line_by_id",
    "lines_of_statement",
    "open_before",
    "proposed_lines",
    "statement_by_id",
    "statement_of_month",
    "statements",
    "statements_of_client",
    "statements_open",
]

LINES_A_PAGE = 100


def statements(city: City, page: int, *, state: str = "", month: date | None = None) -> Paged[StatementFacts]:
    """Those of the city, the latest month first. `state`: a StatementState up to `disputed`, or "" for all."""
    rows = _counted(city)
    if month is not None:
        rows = rows.filter(month=month)
    day = today(city)
    conditions = {
        StatementState.WAITING: Q(open_lines__gt=0, answer_until__gte=day),
        StatementState.OVERDUE: Q(open_lines__gt=0, answer_until__lt=day),
        StatementState.DISPUTED: Q(disputed_lines__gt=0),
    }
    if state in conditions:
        rows = rows.filter(conditions[StatementState(state)])
    return _paged(city, rows.order_by("-month", "party"), page)


def statements_of_client(city: City, client_id: int, page: int) -> Paged[StatementFacts]:
    """Those of one hospital or pharmacy, the latest first."""
    return _paged(city, HospitalStatement.objects.of(city).filter(client=client_id).order_by("-month"), page)


def statements_open(city: City) -> int:
    """How many wait for somebody of the staff: lines are disputed, or were not answered in time."""
    waits = Q(disputed_lines__gt=0) | Q(open_lines__gt=0, answer_until__lt=today(city))
    return _counted(city).filter(waits).count()


def _counted(city: City) -> QuerySet[HospitalStatement]:
    return HospitalStatement.objects.of(city).annotate(
        open_lines=Count("lines", filter=Q(lines__state=LineState.OPEN)),
        disputed_lines=Count("lines", filter=Q(lines__state=LineState.DISPUTED)),
    )


def statement_by_id(city: City, statement_id: int) -> StatementFacts | None:
    found = _facts(city, list(HospitalStatement.objects.of(city).filter(pk=statement_id)))
    return found[0] if found else None


def statement_of_month(city: City, client_id: int, month: date) -> StatementFacts | None:
    """A hospital's statement of the month that begins on this day."""
    found = _facts(city, list(HospitalStatement.objects.of(city).filter(client=client_id, month=month)))
    return found[0] if found else None


def open_before(city: City, statement: StatementFacts) -> int:
    """What lines of the hospital's earlier statements come to that are not paid or on their way, in fen; below zero
    where the hospital owes it.
    """
    rows = StatementLine.objects.of(city).filter(party=statement.party, statement__month__lt=statement.month)
    return sum(line.amount for line in unpaid_of(rows.order_by("pk"), payouts_to_hospital(city, statement.party)))


def lines_of_statement(
    city: City, statement_id: int, page: int, *, state: str = "", size: int = LINES_A_PAGE
) -> Paged[LineFacts]:
    """By number. `state`: a LineState, or "" for all."""
    rows = StatementLine.objects.of(city).filter(statement=statement_id)
    if state:
        rows = rows.filter(state=state)
    found = paged(rows.order_by("number"), page, size)
    return replace(found, rows=_line_facts(city, found.rows))


def all_lines(city: City, statement_id: int) -> list[LineFacts]:
    return _line_facts(city, list(StatementLine.objects.of(city).filter(statement=statement_id).order_by("number")))


def line_by_id(city: City, line_id: int) -> LineFacts | None:
    found = _line_facts(city, list(StatementLine.objects.of(city).filter(pk=line_id)))
    return found[0] if found else None


def proposed_lines(city: City, line_ids: Collection[int]) -> dict[int, Proposal]:
    """What waits for a second person of these lines, by line."""
    found = open_proposals_on(city, LARGE_LINE, LINE, [str(one) for one in line_ids])
    return {int(proposal.subject.id): proposal for proposal in found}


def _paged(city: City, rows: QuerySet[HospitalStatement], page: int) -> Paged[StatementFacts]:
    found = paged(rows, page)
    return replace(found, rows=_facts(city, found.rows))


def _facts(city: City, rows: Sequence[HospitalStatement]) -> list[StatementFacts]:
    sums = (
        StatementLine.objects.of(city)
        .filter(statement__in=[row.pk for row in rows])
        .values_list("statement", "state", "payout")
        .annotate(count=Count("pk"), fen=Sum("amount"))
        .order_by()
    )
    found = list(sums)
    payouts = payouts_numbered(city, {payout for _, _, payout, _, _ in found if payout is not None})
    by_state: dict[int, dict[LineState, LineSums]] = defaultdict(dict)
    paid: dict[tuple[int, bool], LineSums] = defaultdict(LineSums)
    for statement, state, payout, count, fen in found:
        so_far = by_state[statement].get(LineState(state), LineSums())
        by_state[statement][LineState(state)] = so_far.with_more(count, fen)
        if payout is not None and payouts[payout].stands:
            key = statement, payouts[payout].status is PayoutStatus.PAID
            paid[key] = paid[key].with_more(count, fen)
    return [
        StatementFacts(
            id=row.pk,
            client_id=row.client_id,
            party=row.party,
            month=row.month,
            rows=row.rows,
            amount=row.amount,
            digest=row.digest,
            answer_until=row.answer_until,
            made_at=timezone.localtime(row.made_at),
            by_state=by_state[row.pk],
            paid=paid[row.pk, True],
            paying=paid[row.pk, False],
            day=today(city),
        )
        for row in rows
    ]


def _line_facts(city: City, rows: Sequence[StatementLine]) -> list[LineFacts]:
    payouts = payouts_numbered(city, {row.payout_id for row in rows if row.payout_id is not None})
    months = _months_before(city, rows)
    return [
        LineFacts(
            id=row.pk,
            statement_id=row.statement_id,
            number=row.number,
            setl_id=row.setl_id,
            kind=LineKind(row.kind),
            cause_sender=row.cause.partition(":")[2].partition(":")[0],
            cause_number=row.cause.partition(":")[2].partition(":")[2],
            discharged_on=row.discharged_on,
            settled_on=row.settled_on,
            earlier_month=months.get(row.pk),
            amount=row.amount,
            state=LineState(row.state),
            reason=row.reason,
            note=row.note,
            answered_at=None if row.answered_at is None else timezone.localtime(row.answered_at),
            payout=payouts.get(row.payout_id) if row.payout_id is not None else None,
        )
        for row in rows
    ]


def _months_before(city: City, rows: Sequence[StatementLine]) -> dict[int, date]:
    """By line, the month of the statement that has the bill's line before."""
    changed = [row for row in rows if row.kind != LineKind.SETTLEMENT]
    known = StatementLine.objects.of(city).filter(source__in={row.source for row in changed}).order_by("pk")
    earlier = list(known.values_list("pk", "source", "statement__month")) if changed else []
    found = {}
    for row in changed:
        before = [month for key, source, month in earlier if source == row.source and key < row.pk]
        if before:
            found[row.pk] = before[-1]
    return found
