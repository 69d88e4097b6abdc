"""Files of many people for staff: sent, looked at, accepted, and the answer to them."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.bulk.api import (
    FileFacts,
    FileState,
    RowResult,
    accept_file,
    all_organisations,
    bulk_file,
    bulk_files,
    cancel_file,
    results_of,
    send_file,
)
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.web.bulk_results import result_csv, result_workbook
from huimin.platform.web.bulk_words import FILE_STATES, KINDS, STATES, faults_in_words
from huimin.platform.web.downloads import excel_file
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.many import AcceptForm, BulkFileForm, CancelForm
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.resident import plan_year_or_404

__all__ = ["accept", "cancel", "file", "files", "result"]

_FAULTS_SHOWN = 100


@staff_page(Action.SEE_BULK)
def files(request: CityRequest) -> HttpResponse:
    """Every file with how far it is; and a new one is sent here."""
    choices = [(one.code, one.name) for one in all_organisations(request.city)]
    form = BulkFileForm(posted(request), request.FILES or None, organisations=choices)
    if request.method == "POST" and form.is_valid():
        number = _send(request, form)
        if number is not None:
            return redirect("bulk-file", file_id=number)
    found = bulk_files(request.city, page_number(request.GET.get("page")))
    context = {
        "files": found,
        "states": [(one, FILE_STATES[one.state]) for one in found],
        "form": form,
        "sends": admits(request.actor, Action.SEND_BULK_FILE),
        "organisations": choices,
    }
    return render(request, "staff/bulk.html", context, status=422 if form.errors else 200)


def _send(request: CityRequest, form: PageForm) -> int | None:
    sent = form.cleaned_data["file"]
    try:
        return send_file(
            actor=request.actor,
            organisation=form.cleaned_data["organisation"],
            plan_year=plan_year_or_404(request.city),
            kind=form.cleaned_data["kind"],
            file_name=sent.name,
            content=sent.chunks(),
        )
    except HuiminError as error:
        form.refuse(error, field="file")
        return None


@staff_page(Action.SEE_BULK)
def file(request: CityRequest, file_id: int) -> HttpResponse:
    """One file: what was found, what is to be decided, and what came of its rows."""
    return _file(request, _file_or_404(request, file_id), CancelForm(at="cancel"))


@staff_page(Action.ACCEPT_BULK_FILE)
@require_POST
def accept(request: CityRequest, file_id: int) -> HttpResponse:
    found, form = _file_or_404(request, file_id), AcceptForm(posted(request))
    if form.is_valid():
        try:
            accept_file(actor=request.actor, file_id=file_id, refused=form.cleaned_data["refused"])
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已确认，办理进度见本页。"))
            return redirect("bulk-file", file_id=file_id)
    return _file(request, found, form)


@staff_page(Action.ACCEPT_BULK_FILE)
@require_POST
def cancel(request: CityRequest, file_id: int) -> HttpResponse:
    found, form = _file_or_404(request, file_id), CancelForm(posted(request), at="cancel")
    if form.is_valid():
        try:
            ended = cancel_file(actor=request.actor, file_id=file_id, note=form.cleaned_data["note"])
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已取消，%(n)s 人不再办理；已参保的人保单不变。") % {"n": ended})
            return redirect("bulk-file", file_id=file_id)
    return _file(request, found, form)


def _file(request: CityRequest, found: FileFacts, form: PageForm) -> HttpResponse:
    faulty: list[tuple[RowResult, list[str]]] = []
    for row in results_of(request.city, found.id, faulty=True):
        if len(faulty) == _FAULTS_SHOWN:
            break
        faulty.append((row, faults_in_words(row.faults)))
    context: dict[str, Any] = {
        "file": found,
        "state": FILE_STATES[found.state],
        "kind": KINDS[found.kind],
        "counts": [(words, found.counts[state]) for state, words in STATES.items() if found.counts.get(state)],
        "whole": faults_in_words(found.faults),
        "faulty": faulty,
        "refused": found.counts.get("faulty", 0),
        "ready": found.counts.get("ready", 0),
        "cancelling": form if isinstance(form, CancelForm) else CancelForm(at="cancel"),
        "form": form,
        "decides": admits(request.actor, Action.ACCEPT_BULK_FILE),
        "open": found.state in (FileState.COMING, FileState.CHECKING, FileState.CHECKED, FileState.ACCEPTED),
        "waits": found.state == FileState.CHECKING or (bool(found.counts.get("agreed")) and not found.short),
    }
    return render(request, "staff/bulk_file.html", context, status=422 if form.errors else 200)


@staff_page(Action.SEE_BULK)
def result(request: CityRequest, file_id: int, ending: str) -> HttpResponse:
    """The answer as a file: row, the sender's number, policy, outcome and reason."""
    found = _file_or_404(request, file_id)
    rows, name = results_of(request.city, found.id), f"result-{found.id}.{ending}"
    if ending == "xlsx":
        return excel_file(result_workbook(rows), name)
    answer = StreamingHttpResponse(result_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast(HttpResponse, answer)  # sent piece by piece; pages are one


def _file_or_404(request: CityRequest, file_id: int) -> FileFacts:
    found = bulk_file(request.city, file_id)
    if found is None:
        raise Http404
    return found
