"""Days with a payment company or the bank: what agrees, what differs, and closing a day when all is explained."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.api import (
    CaseKind,
    FileFault,
    FileFaults,
    ask_for_file,
    close_day,
    differences_of_day,
    reconcile,
    reconciled_day,
    reconciled_days,
    usual_company,
)
from huimin.platform.payouts.api import bank_code
from huimin.platform.web.account_words import DAY_STATES, file_sentences
from huimin.platform.web.case_words import CASE_KINDS
from huimin.platform.web.faults import FieldFault
from huimin.platform.web.forms.accounts import AskForm, FileForm, NoteForm
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["ask", "close", "day", "days", "upload"]


@staff_page(Action.SEE_RECONCILIATION)
def days(request: CityRequest) -> HttpResponse:
    """The days, the latest first, and a form to ask for another."""
    return _days(request, None)


def _days(request: CityRequest, sent: AskForm | None) -> HttpResponse:
    found = reconciled_days(request.city, page_number(request.GET.get("page")))
    context = {
        "list": found,
        "days": [(one, DAY_STATES[one.state], _party(one.provider)) for one in found],
        "asking": sent or AskForm(providers=_parties()),
        "form": sent,
    }
    return render(request, "staff/reconciliation.html", context)


def _party(provider: str) -> str:
    """Whose file it is."""
    return _("银行") if provider == bank_code() else _("支付机构")


def _parties() -> list[tuple[str, str]]:
    """Those who may be asked for a file."""
    return [(one, _party(one)) for one in (usual_company(), bank_code())]


@staff_page(Action.RECONCILE)
@require_POST
def ask(request: CityRequest) -> HttpResponse:
    """Have a worker fetch the file of a day."""
    form = AskForm(posted(request), providers=_parties())
    if not form.is_valid():
        return _days(request, form)
    try:
        ask_for_file(actor=request.actor, **form.cleaned_data)
    except HuiminError as error:
        form.refuse(error, field="day")
        return _days(request, form)
    messages.success(request, _("已开始取对账文件，稍后刷新本页查看结果。"))
    return redirect("reconciliation")


@staff_page(Action.SEE_RECONCILIATION)
def day(request: CityRequest, provider: str, of: str) -> HttpResponse:
    return _day(request, provider, _date(of))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _day(
    request: CityRequest, provider: str, of: date, sent: PageForm | None = None, faults: list[str] | None = None
) -> HttpResponse:
    """One day. `sent`: a form that was refused; `faults`: what is wrong with a file."""
    found = reconciled_day(request.city, provider, of)
    if found is None:
        raise Http404
    differences = differences_of_day(request.city, provider, of)
    context: dict[str, Any] = {
        "found": found,
        "state": DAY_STATES[found.state],
        "of_bank": provider == bank_code(),
        "party": _party(provider),
        "differences": [(case, CASE_KINDS[CaseKind(case.kind)], note) for case, note in differences],
        "waiting": [case for case, note in differences if not note],
        "closing": sent if isinstance(sent, NoteForm) else NoteForm(),
        "file": sent if isinstance(sent, FileForm) else FileForm(),
        "form": sent,
        "faults": [FieldFault("", sentence) for sentence in faults or ()],
    }
    return render(request, "staff/reconciled_day.html", context, status=422 if faults else 200)


@staff_page(Action.RECONCILE)
@require_POST
def close(request: CityRequest, provider: str, of: str) -> HttpResponse:
    form = NoteForm(posted(request))
    if not form.is_valid():
        return _day(request, provider, _date(of), form)
    try:
        close_day(actor=request.actor, provider=provider, day=_date(of), note=form.cleaned_data["note"])
    except HuiminError as error:
        form.refuse(error, field="note")
        return _day(request, provider, _date(of), form)
    messages.success(request, _("这一天的对账已结束。"))
    return redirect("reconciled-day", provider=provider, of=of)


@staff_page(Action.RECONCILE)
@require_POST
def upload(request: CityRequest, provider: str, of: str) -> HttpResponse:
    """A corrected file, sent by hand."""
    form = FileForm(posted(request), request.FILES)
    if not form.is_valid():
        return _day(request, provider, _date(of), form)
    try:
        content = _text(form.cleaned_data["file"].read())
        reconcile(actor=request.actor, provider=provider, day=_date(of), content=content)
    except HuiminError as error:
        return _day(request, provider, _date(of), faults=file_sentences(error))
    messages.success(request, _("已按新文件重新核对。"))
    return redirect("reconciled-day", provider=provider, of=of)


def _text(content: bytes) -> str:
    """Companies write UTF-8, or GB 18030 as older programs do. Raises FileFaults for anything else."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileFaults([FileFault("not_a_text")])
