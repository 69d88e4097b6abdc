"""Statements of hospitals, for the staff: which wait for whom, and one statement with its lines and its account."""

from __future__ import annotations

import re
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.clearing.api import (
    LineState,
    StatementFacts,
    StatementState,
    all_lines,
    answer_lines,
    line_by_id,
    lines_of_statement,
    open_before,
    paid_clients,
    proposed_lines,
    read_answers,
    statement_by_id,
    statements,
    write_statement,
)
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.ledger.api import parse_party
from huimin.platform.payouts.api import (
    propose_hospital_account,
)
from huimin.platform.web.downloads import excel_file
from huimin.platform.web.faults import FieldFault
from huimin.platform.web.forms.accounts import FileForm
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.clearing import HospitalAccountForm
from huimin.platform.web.forms.staff import DoingForm
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.statement_parts import ACCOUNT_DOINGS, LINE_DOINGS, account_at, account_context, line_row
from huimin.platform.web.statement_words import (
    LINE_STATES,
    STATE_COLOURS,
    STATEMENT_STATES,
    sheet_sentences,
)
from huimin.platform.web.two_people import carried_out

__all__ = ["account", "account_answer", "line", "one", "sheet", "statement_list", "upload"]

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_LISTED = (StatementState.OVERDUE, StatementState.DISPUTED, StatementState.WAITING)
_FIELDS = {"bad_account_number": "number", "bank_missing": "bank_name", "holder_missing": "holder"}


@staff_page(Action.SEE_HOSPITAL_STATEMENTS)
def statement_list(request: CityRequest) -> HttpResponse:
    """Those that wait for somebody, or all: by state and month."""
    asked, said = request.GET.get("state", ""), request.GET.get("month", "")
    state = asked if asked in {one.value for one in _LISTED} else ""
    month = _month(said)
    found = statements(request.city, page_number(request.GET.get("page")), state=state, month=month)
    names = _clients(request)
    context = {
        "rows": [(one, names[one.client_id], STATEMENT_STATES[one.state], _colour(one)) for one in found],
        "list": found,
        "state": state,
        "states": [(one.value, STATEMENT_STATES[one]) for one in _LISTED],
        "month": month,
    }
    return render(request, "staff/hospital_statements.html", context)


def _month(said: str) -> date | None:
    found = _MONTH.fullmatch(said)
    return None if found is None or found[1] == "0000" else date(int(found[1]), int(found[2]), 1)


def _clients(request: CityRequest) -> dict[int, ApiClient]:
    return {client.pk: client for client in paid_clients(request.city)}


def _colour(found: StatementFacts) -> str:
    return STATE_COLOURS.get(found.state, "")


@staff_page(Action.SEE_HOSPITAL_STATEMENTS)
def one(request: CityRequest, statement_id: int) -> HttpResponse:
    """One statement: what it comes to, its lines, the sheet, and the hospital's account. `?state=` shows some lines."""
    return _one(request, _statement(request, statement_id))


def _statement(request: CityRequest, statement_id: int) -> StatementFacts:
    found = statement_by_id(request.city, statement_id)
    if found is None:
        raise Http404
    return found


def _one(
    request: CityRequest,
    found: StatementFacts,
    *,
    sent: DoingForm | None = None,
    given: HospitalAccountForm | DoingForm | None = None,
    file: FileForm | None = None,
    faults: list[str] | None = None,
) -> HttpResponse:
    """`sent`: a line's form that was refused; `given`: the account's; `file`, `faults`: what is wrong with a sheet."""
    asked, client = request.GET.get("state", ""), _clients(request)[found.client_id]
    state = asked if asked in {one.value for one in found.by_state} else ""
    rows = lines_of_statement(request.city, found.id, page_number(request.GET.get("page")), state=state, size=20)
    proposed = proposed_lines(request.city, [row.id for row in rows])
    context = {
        "found": found,
        "client": client,
        "stands": STATEMENT_STATES[found.state],
        "colour": _colour(found),
        "before": open_before(request.city, found),
        "list": rows,
        "rows": [line_row(request, row, proposed, sent) for row in rows],
        "state": state,
        "states": [
            (one.value, LINE_STATES[one], found.of_state(one)) for one in LineState if found.of_state(one).count
        ],
        "file": file or FileForm(),
        "may_answer": admits(request.actor, Action.ANSWER_HOSPITAL_STATEMENT),
        "form": sent or given or file,
        "faults": [FieldFault("", sentence) for sentence in faults or ()],
        **account_context(request, found, client, given),
    }
    return render(
        request, "staff/hospital_statement.html", context, status=422 if sent or given or file or faults else 200
    )


@staff_page(Action.DECIDE_DISPUTED_LINE, Action.AGREE_TO_DISPUTED_LINE)
@require_POST
def line(request: CityRequest, line_id: int) -> HttpResponse:
    """One of the buttons of `_buttons`, with a note."""
    known = line_by_id(request.city, line_id)
    if known is None:
        raise Http404
    found = _statement(request, known.statement_id)
    form = DoingForm(posted(request), at=line_id, doings=LINE_DOINGS)
    refused = lambda request, sent: _one(request, found, sent=sent)  # noqa: E731
    return carried_out(request, form, LINE_DOINGS, refused, "hospital-statement", statement_id=found.id)


@staff_page(Action.SEE_HOSPITAL_STATEMENTS)
def sheet(request: CityRequest, statement_id: int) -> HttpResponse:
    """The statement as an Excel file, as the hospital gets it."""
    found = _statement(request, statement_id)
    content = write_statement(found, all_lines(request.city, found.id))
    return excel_file(content, f"{_clients(request)[found.client_id].code}-{found.month:%Y-%m}.xlsx")


@staff_page(Action.ANSWER_HOSPITAL_STATEMENT)
@require_POST
def upload(request: CityRequest, statement_id: int) -> HttpResponse:
    """A sheet that the hospital answered: all of it is taken, or every fault is shown and nothing is."""
    found, form = _statement(request, statement_id), FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _one(request, found, file=form)
    try:
        answers = read_answers(form.cleaned_data["file"].read(), found, all_lines(request.city, found.id))
        count = answer_lines(actor=request.actor, statement_id=found.id, answers=answers)
    except HuiminError as error:
        return _one(request, found, faults=sheet_sentences(error))
    messages.success(request, _("已登记 %(count)s 笔答复。") % {"count": count})
    return redirect("hospital-statement", statement_id=found.id)


@staff_page(Action.SET_HOSPITAL_ACCOUNT)
@require_POST
def account(request: CityRequest, statement_id: int) -> HttpResponse:
    """Give the account of the statement's hospital; another person confirms it."""
    found, given = _statement(request, statement_id), HospitalAccountForm(posted(request))
    if not given.is_valid():
        return _one(request, found, given=given)
    try:
        propose_hospital_account(actor=request.actor, party=parse_party(found.party), **given.cleaned_data)
    except HuiminError as error:
        given.refuse(error, field=_FIELDS.get(error.code, ""))
        return _one(request, found, given=given)
    messages.success(request, _("已提请，等待另一人复核。"))
    return redirect("hospital-statement", statement_id=found.id)


@staff_page(Action.AGREE_TO_HOSPITAL_ACCOUNT)
@require_POST
def account_answer(request: CityRequest, statement_id: int) -> HttpResponse:
    """Confirm the account that another person gave, or send it back, with a note."""
    found = _statement(request, statement_id)
    form = DoingForm(posted(request), at=account_at(found), doings=ACCOUNT_DOINGS)
    refused = lambda request, sent: _one(request, found, given=sent)  # noqa: E731
    return carried_out(request, form, ACCOUNT_DOINGS, refused, "hospital-statement", statement_id=found.id)
