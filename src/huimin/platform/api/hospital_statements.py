"""/api/v1/hospital-statements: a hospital reads what it is owed for a month, and answers line by line."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from huimin.money import format_yuan
from huimin.platform.api.describing import EXCEL
from huimin.platform.api.problems import problem
from huimin.platform.api.signatures import SignedClient
from huimin.platform.api.statement_schemas import AnswersIn, MonthOut, MonthsOut, SheetIn, StatementOut
from huimin.platform.clearing.api import (
    AnswerFaults,
    Answers,
    Disputed,
    DisputeReason,
    LineFacts,
    LineKind,
    LineState,
    StatementFacts,
    all_lines,
    answer_lines,
    lines_of_statement,
    open_before,
    read_answers,
    statement_of_month,
    statements_of_client,
    write_statement,
)
from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.api import FileFault, FileFaults

__all__ = ["hospital_statements"]

hospital_statements = Router()
_READER, _ANSWERER = SignedClient(Action.READ_HOSPITAL_STATEMENT), SignedClient(Action.ANSWER_HOSPITAL_STATEMENT)
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_ONE = "/hospital-statements/{month}"


@hospital_statements.get("/hospital-statements", auth=_READER, response=MonthsOut, tags=["clearing"])
def get_statements(request: HttpRequest, page: int = 1) -> Any:
    """Your statements, the latest month first."""
    client = _client(request)
    found = statements_of_client(client.city, client.pk, page)
    return {"page": found.number, "pages": found.pages, "statements": [_month_json(one) for one in found]}


@hospital_statements.get(_ONE, auth=_READER, response=StatementOut, tags=["clearing"])
def get_statement(request: HttpRequest, month: str, page: int = 1) -> Any:
    """Your statement of a month, with a page of a hundred lines."""
    client, found = _client(request), _own(request, month)
    if found is None:
        return _not_found()
    lines = lines_of_statement(client.city, found.id, page)
    return {
        **_month_json(found),
        "open_before": format_yuan(open_before(client.city, found)),
        "page": lines.number,
        "pages": lines.pages,
        "rows": [_line_json(line) for line in lines],
    }


@hospital_statements.get(f"{_ONE}/sheet", auth=_READER, tags=["clearing"])
def get_statement_sheet(request: HttpRequest, month: str) -> HttpResponse:
    """The whole statement as an Excel file, to be answered in its three last columns."""
    client, found = _client(request), _own(request, month)
    if found is None:
        return _not_found()
    return HttpResponse(write_statement(found, all_lines(client.city, found.id)), content_type=EXCEL)


@hospital_statements.post(f"{_ONE}/answers", auth=_ANSWERER, response=MonthOut, tags=["clearing"])
def post_answers(request: HttpRequest, month: str, body: AnswersIn) -> Any:
    """Answer lines. All answers are taken, or none; what is not answered stays open."""
    found = _own(request, month)
    if found is None:
        return _not_found()
    try:
        return _answered(request, found, _answers(body))
    except FileFaults as refused:
        return _refused(refused)


@hospital_statements.post(f"{_ONE}/sheet", auth=_ANSWERER, response=MonthOut, tags=["clearing"])
def post_statement_sheet(request: HttpRequest, month: str, body: SheetIn) -> Any:
    """Answer by the Excel file. All answers in it are taken, or none."""
    client, found = _client(request), _own(request, month)
    if found is None:
        return _not_found()
    try:
        content = base64.b64decode(body.content, validate=True)
        answers = read_answers(content, found, all_lines(client.city, found.id))
        return _answered(request, found, answers)
    except binascii.Error:
        return _refused(AnswerFaults([FileFault("not_base_64")]))
    except FileFaults as refused:
        return _refused(refused)


def _answered(request: HttpRequest, found: StatementFacts, answers: Answers) -> dict[str, Any]:
    client = _client(request)
    answer_lines(actor=client_actor(client), statement_id=found.id, answers=answers)
    stands = statement_of_month(client.city, client.pk, found.month)
    assert stands is not None  # noqa: S101 - it was there a moment ago, and nobody removes one
    return _month_json(stands)


def _answers(body: AnswersIn) -> Answers:
    """Raises AnswerFaults for what no line may be answered, whatever the statement."""
    counted = Counter(one.line for one in body.answers)
    faults = [FileFault("line_twice", str(line)) for line, count in counted.items() if count > 1]
    for one in body.answers:
        if one.answer == "disputed" and not one.reason:
            faults.append(FileFault("reason_missing", str(one.line), expected=" / ".join(DisputeReason)))
        elif one.answer == "agreed" and (one.reason or one.note):
            faults.append(FileFault("reason_without_dispute", str(one.line), one.reason or one.note))
    if faults:
        raise AnswerFaults(faults)
    disputed = {one.line: Disputed(DisputeReason(one.reason), one.note) for one in body.answers if one.reason}
    return Answers([one.line for one in body.answers if one.answer == "agreed"], disputed, body.rest)


def _own(request: HttpRequest, month: str) -> StatementFacts | None:
    """This client's statement of the month; None for what is no month, too."""
    client, said = _client(request), _MONTH.fullmatch(month)
    if said is None or said[1] == "0000":
        return None
    return statement_of_month(client.city, client.pk, date(int(said[1]), int(said[2]), 1))


def _not_found() -> HttpResponse:
    return problem("not_found", "this client has no statement of this month")


def _refused(refused: FileFaults) -> HttpResponse:
    faults = [{"place": one.place, "expected": str(one).removeprefix(f"{one.place}: ")} for one in refused.faults]
    return problem("answers_refused", f"{len(faults)} answers cannot be taken, and none was", faults=faults)


def _month_json(found: StatementFacts) -> dict[str, Any]:
    counts = {state: found.of_state(state).count for state in LineState}
    return {
        "month": f"{found.month:%Y-%m}",
        "state": found.state.value,
        "lines": found.rows,
        "amount": format_yuan(found.amount),
        "answer_until": str(found.answer_until),
        "digest": found.digest,
        "open": counts[LineState.OPEN],
        "agreed": counts[LineState.AGREED],
        "disputed": counts[LineState.DISPUTED],
        "decided": counts[LineState.STANDS] + counts[LineState.TO_CORRECT],
        "paying": format_yuan(found.paying.amount),
        "paid": format_yuan(found.paid.amount),
    }


def _line_json(line: LineFacts) -> dict[str, Any]:
    return {
        "line": line.number,
        "setl_id": line.setl_id,
        "kind": line.kind.value,
        "cause": "" if line.kind is LineKind.SETTLEMENT else line.cause_number,
        "earlier_month": "" if line.earlier_month is None else f"{line.earlier_month:%Y-%m}",
        "discharged_on": "" if line.discharged_on is None else str(line.discharged_on),
        "settled_on": str(line.settled_on),
        "amount": format_yuan(line.amount),
        "state": line.state.value,
        "reason": line.reason,
        "note": line.note,
        "paid": line.is_paid,
    }


def _client(request: HttpRequest) -> ApiClient:
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    return client
