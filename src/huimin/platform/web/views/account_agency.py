"""An agency's pages: what its areas have to approve, to transfer, and to settle with other areas; and one list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.money import parse_yuan
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.api import (
    AccountListFacts,
    StrikeReason,
    Struck,
    Sums,
    account_list,
    account_lists,
    between_areas,
    decide_lines,
    listed_lines,
    make_list,
    months_between_areas,
    owed_by_area,
    read_answered,
    record_transfer,
    to_be_listed,
    transfers_of,
    write_list,
)
from huimin.platform.people.api import areas
from huimin.platform.web.account_words import LINE_STATES, STRIKE_REASONS, TRANSFER_STATES, file_sentences
from huimin.platform.web.downloads import excel_file
from huimin.platform.web.faults import FieldFault
from huimin.platform.web.forms.accounts import FileForm, StrikeForm, TransferForm
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.buttons import ChosenForm
from huimin.platform.web.looking import looked
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["agency", "decide", "make", "one_list", "sheet", "transfer", "upload"]


def own_areas(request: CityRequest) -> dict[str, Any]:
    """The areas for which this person acts, by code."""
    return {one.code: one for one in areas(request.city) if request.actor.owns(f"area:{one.code}")}


@staff_page(Action.SEE_ACCOUNT_LISTS)
def agency(request: CityRequest) -> HttpResponse:
    """Everything that this person's areas have to do, area by area."""
    return _agency(request, None)


def _agency(request: CityRequest, sent: TransferForm | None) -> HttpResponse:
    """`sent`: the form of one area's transfer that was refused, to be shown with its faults."""
    city, own = request.city, own_areas(request)
    waiting, owed, lists = to_be_listed(city, own), owed_by_area(city, own), account_lists(city, own)
    found = [
        {
            "area": area,
            "to_list": waiting.get(code, Sums()),
            "lists": [one for one in lists if one.area == code],
            "owed": owed.get(code, Sums()),
            "form": sent if sent is not None and sent.at == code else TransferForm(at=code),
        }
        for code, area in own.items()
    ]
    context = {
        "found": found,
        "today": today(city),
        "form": sent,
        "transfers": [
            (one, own[one.area], TRANSFER_STATES[one.state])
            for one in transfers_of(city, own, page_number(request.GET.get("page")))
        ],
        "debts": _debts(request, own),
    }
    return render(request, "staff/agency.html", context)


def _debts(request: CityRequest, own: dict[str, Any]) -> list[dict[str, Any]]:
    """What the own areas and others owe each other, of the latest months."""
    names = {one.code: one for one in areas(request.city)}
    found = []
    for month in months_between_areas(request.city)[:6]:
        stands = between_areas(request.city, month)
        lines = [
            (names[one.debtor], names[one.creditor], one)
            for one in stands.debts
            if one.debtor in own or one.creditor in own
        ]
        if lines:
            found.append({"month": month, "lines": lines, "settled": not stands.open})
    return found


@staff_page(Action.MAKE_ACCOUNT_LIST)
@require_POST
def make(request: CityRequest, area: str) -> HttpResponse:
    """Make the list of this month up to now."""
    try:
        list_id = make_list(actor=request.actor, area=area, month=today(request.city))
    except HuiminError as error:
        messages.error(request, file_sentences(error)[0])
        return redirect("agency")
    return redirect("agency-list", list_id=list_id)


@staff_page(Action.SEE_ACCOUNT_LISTS)
def one_list(request: CityRequest, list_id: int) -> HttpResponse:
    """One list: its totals, its lines, and what may be decided. `?state=` shows the lines that stand at it."""
    return _one_list(request, _own_list(request, list_id))


def _own_list(request: CityRequest, list_id: int) -> AccountListFacts:
    """The list, if it is of an own area. Who looks at it is written down."""
    found = account_list(request.city, list_id)
    if found is None or not request.actor.owns(f"area:{found.area}"):
        raise Http404
    subject, owner = f"account_list:{found.id}", f"area:{found.area}"
    looked(request, Action.SEE_ACCOUNT_LISTS, "account_list_opened", subject, "account payments", owner=owner)
    return found


def _one_list(
    request: CityRequest,
    found: AccountListFacts,
    *,
    strike: StrikeForm | None = None,
    file: FileForm | None = None,
    faults: list[str] | None = None,
) -> HttpResponse:
    """`strike`, `file`: the form that was refused; `faults`: what is wrong with the file, or with what was chosen."""
    asked = request.GET.get("state", "")
    state = asked if asked in found.by_state else ""
    rows = listed_lines(request.city, found.id, page_number(request.GET.get("page")), state)
    names = {one.code: one for one in areas(request.city)}
    context = {
        "found": found,
        "area": names[found.area],
        "list": rows,
        "rows": [
            (row, names[row.line.insured_area], LINE_STATES[row.line.state], STRIKE_REASONS.get(row.line.reason, ""))
            for row in rows
        ],
        "state": state,
        "states": [(one, LINE_STATES[one], sums) for one, sums in found.by_state.items()],
        "chosen": _chosen_form(request).ticked,
        "strike": strike or StrikeForm(),
        "file": file or FileForm(),
        "form": strike or file,
        "faults": [FieldFault("", sentence) for sentence in faults or ()],
    }
    return render(request, "staff/agency_list.html", context, status=422 if faults else 200)


def _chosen_form(request: CityRequest) -> ChosenForm:
    return ChosenForm(posted(request), ways=("all", "chosen", "strike"))


@staff_page(Action.DECIDE_ACCOUNT_LINES)
@require_POST
def decide(request: CityRequest, list_id: int) -> HttpResponse:
    """Approve all that wait, approve those that were ticked, or strike those out."""
    found, form = _own_list(request, list_id), _chosen_form(request)
    if not form.is_valid():
        return _one_list(request, found, faults=[str(one) for one in form.errors.get("how", ())])
    how, chosen = form.cleaned_data["how"], form.cleaned_data["line"]
    strike = StrikeForm(posted(request)) if how == "strike" else None
    if how != "all" and not chosen:
        return _one_list(request, found, strike=strike, faults=[_("请先勾选要处理的缴费。")])
    if strike is not None and not strike.is_valid():
        return _one_list(request, found, strike=strike)
    struck = {}
    if strike is not None:
        why = Struck(StrikeReason(strike.cleaned_data["reason"]), strike.cleaned_data["note"])
        struck = dict.fromkeys(chosen, why)
    approved = None if how == "all" else ([] if strike is not None else chosen)
    return _decided(request, found, approved, struck, strike)


def _decided(
    request: CityRequest,
    found: AccountListFacts,
    approved: list[str] | None,
    struck: dict[str, Struck],
    strike: StrikeForm | None = None,
) -> HttpResponse:
    try:
        count = decide_lines(actor=request.actor, list_id=found.id, approved=approved, struck=struck)
    except HuiminError as error:
        return _one_list(request, found, strike=strike, faults=file_sentences(error))
    messages.success(request, _("已处理 %(count)s 笔。") % {"count": count})
    return redirect("agency-list", list_id=found.id)


@staff_page(Action.SEE_ACCOUNT_LISTS)
def sheet(request: CityRequest, list_id: int) -> HttpResponse:
    """The list as an Excel file, to be answered and sent back."""
    found = _own_list(request, list_id)
    content = write_list(found, listed_lines(request.city, found.id).rows)
    return excel_file(content, f"account-list-{found.area}-{found.month:%Y-%m}-{found.version}.xlsx")


@staff_page(Action.DECIDE_ACCOUNT_LINES)
@require_POST
def upload(request: CityRequest, list_id: int) -> HttpResponse:
    """A list that was answered in Excel: all of it is done, or every fault is shown and nothing is."""
    found, form = _own_list(request, list_id), FileForm(posted(request), request.FILES)
    if not form.is_valid():
        return _one_list(request, found, file=form)
    lines = listed_lines(request.city, found.id).rows
    try:
        answered = read_answered(form.cleaned_data["file"].read(), found, lines)
    except HuiminError as error:
        return _one_list(request, found, faults=file_sentences(error))
    return _decided(request, found, answered.approved, answered.struck)


@staff_page(Action.RECORD_ACCOUNT_TRANSFER)
@require_POST
def transfer(request: CityRequest, area: str) -> HttpResponse:
    """Record that what an area owes was transferred."""
    form = TransferForm(posted(request), at=area)
    if not form.is_valid():
        return _agency(request, form)
    try:
        record_transfer(
            actor=request.actor,
            area=area,
            reference=form.cleaned_data["reference"],
            amount=parse_yuan(form.cleaned_data["amount"]),
            sent_on=form.cleaned_data["sent_on"],
        )
    except HuiminError as error:
        form.refuse(error, field="amount")
        return _agency(request, form)
    messages.success(request, _("已登记划拨，到账后会显示。"))
    return redirect("agency")
