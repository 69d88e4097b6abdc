"""Money from personal accounts: transfers beside the bank's statement, and what areas owe each other by month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.money import parse_yuan
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.api import (
    account_line_sums,
    between_areas,
    months_between_areas,
    record_return,
    returns_due,
    settle_areas,
    transfer_received,
    transfer_returned,
    transfers_of,
)
from huimin.platform.people.api import areas
from huimin.platform.web.account_words import LINE_STATES, TRANSFER_STATES
from huimin.platform.web.forms.accounts import BankForm, NoteForm, ReturnForm
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["account_money", "match", "send_back", "settle"]


@staff_page(Action.SEE_ACCOUNT_MONEY)
def account_money(request: CityRequest) -> HttpResponse:
    return _page(request, None)


def _page(request: CityRequest, sent: PageForm | None) -> HttpResponse:
    """`sent`: a form that was refused, to be shown with its faults."""
    names = {one.code: one for one in areas(request.city)}
    found = transfers_of(request.city, None, page_number(request.GET.get("page")))
    sums = account_line_sums(request.city)
    context = {
        "sums": [(LINE_STATES[state], sums[state]) for state in LINE_STATES if state in sums],
        "list": found,
        "transfers": [
            (
                one,
                names[one.area],
                TRANSFER_STATES[one.state],
                sent if isinstance(sent, BankForm) and sent.at == one.id else BankForm(at=one.id),
            )
            for one in found
        ],
        "returns": [
            (
                one,
                names[one.area],
                sent if isinstance(sent, ReturnForm) and sent.at == one.area else ReturnForm(at=one.area),
            )
            for one in returns_due(request.city)
        ],
        "months": [_month(request, month, names, sent) for month in months_between_areas(request.city)],
        "may_match": admits(request.actor, Action.MATCH_ACCOUNT_TRANSFER),
        "may_settle": admits(request.actor, Action.SETTLE_AREAS),
        "form": sent,
    }
    return render(request, "staff/account_money.html", context, status=422 if sent is not None else 200)


def _month(request: CityRequest, month: date, names: dict[str, Any], sent: PageForm | None) -> dict[str, Any]:
    stands, at = between_areas(request.city, month), f"{month:%Y-%m}"
    return {
        "month": month,
        "debts": [(names[one.debtor], names[one.creditor], one) for one in stands.debts],
        "positions": [(names[code], fen) for code, fen in sorted(stands.positions.items()) if fen],
        "open": stands.open,
        "form": sent if isinstance(sent, NoteForm) and sent.at == at else NoteForm(at=at),
    }


@staff_page(Action.MATCH_ACCOUNT_TRANSFER)
@require_POST
def match(request: CityRequest, transfer_id: int) -> HttpResponse:
    """The bank has a transfer, or sent it back: which is the button that was pressed."""
    form = BankForm(posted(request), at=transfer_id)
    if not form.is_valid():
        return _page(request, form)
    day, was_returned = form.cleaned_data["bank_day"], form.cleaned_data["came"] == "returned"
    try:
        if was_returned:
            transfer_returned(actor=request.actor, transfer_id=transfer_id, bank_day=day)
        else:
            amount = parse_yuan(form.cleaned_data["amount"])
            transfer_received(actor=request.actor, transfer_id=transfer_id, amount=amount, bank_day=day)
    except HuiminError as error:
        form.refuse(error, field="amount")
        return _page(request, form)
    messages.success(request, _("已记为退回。") if was_returned else _("已记为到账。"))
    return redirect("account-money")


@staff_page(Action.MATCH_ACCOUNT_TRANSFER)
@require_POST
def send_back(request: CityRequest, area: str) -> HttpResponse:
    """The pool has sent an agency what goes back to accounts."""
    form = ReturnForm(posted(request), at=area)
    if not form.is_valid():
        return _page(request, form)
    try:
        record_return(actor=request.actor, area=area, **form.cleaned_data)
    except HuiminError as error:
        form.refuse(error, field="sent_on")
        return _page(request, form)
    messages.success(request, _("已登记退回。"))
    return redirect("account-money")


@staff_page(Action.SETTLE_AREAS)
@require_POST
def settle(request: CityRequest, month: str) -> HttpResponse:
    """The areas have paid each other what a month left between them."""
    form = NoteForm(posted(request), at=month)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise Http404 from error
    if not form.is_valid():
        return _page(request, form)
    try:
        settle_areas(actor=request.actor, month=first, note=form.cleaned_data["note"])
    except HuiminError as error:
        form.refuse(error, field="note")
        return _page(request, form)
    messages.success(request, _("已登记清算。"))
    return redirect("account-money")
