"""Tills: counted by whoever has one, paid in, and confirmed by another person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.counter.api import cash_owed, close_till, closings, confirm_banked, in_till, pay_out_cash
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import masked_name, named_persons
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.counter import BankedForm, CloseTillForm
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["banked", "pay_out", "till", "tills"]


@staff_page(Action.TAKE_CASH)
def till(request: CityRequest) -> HttpResponse:
    """What lies in one's own till, counting it, and cash that people get back."""
    form = CloseTillForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            close_till(actor=request.actor, **form.cleaned_data)
        except HuiminError as error:
            form.refuse(error, field="note" if error.code == "note_missing" else "counted")
        else:
            messages.success(request, _("已清点，请缴存银行；由另一人核对到账。"))
            return redirect("till")
    owed = cash_owed(request.city)
    people = named_persons(request.city, {one.resident_id for one in owed})
    context = {
        "form": form,
        "left": in_till(request.city, request.actor.key),
        "closings": closings(request.city, request.actor.key),
        "owed": [(one, masked_name(people[one.resident_id].name)) for one in owed],
    }
    return render(request, "staff/till.html", context, status=422 if form.errors else 200)


@staff_page(Action.TAKE_CASH)
@require_POST
def pay_out(request: CityRequest, back_id: int) -> HttpResponse:
    try:
        pay_out_cash(actor=request.actor, back_id=back_id)
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    else:
        messages.success(request, _("已登记退付现金。"))
    return redirect("till")


@staff_page(Action.SEE_TILLS)
def tills(request: CityRequest) -> HttpResponse:
    """Every closing; those that are not paid in first."""
    return _tills(request, None)


@staff_page(Action.CONFIRM_BANKED)
@require_POST
def banked(request: CityRequest, closing_id: int) -> HttpResponse:
    form = BankedForm(posted(request), at=closing_id)
    if form.is_valid():
        try:
            confirm_banked(actor=request.actor, closing_id=closing_id, **form.cleaned_data)
        except HuiminError as error:
            form.refuse(error, field="transfer")
        else:
            messages.success(request, _("已核对到账。"))
            return redirect("tills")
    return _tills(request, form)


def _tills(request: CityRequest, form: PageForm | None) -> HttpResponse:
    at = form.at if form is not None else None
    found = closings(request.city)
    rows = [(one, form if one.id == at else BankedForm(at=one.id)) for one in found]
    context = {
        "rows": rows,
        "confirms": admits(request.actor, Action.CONFIRM_BANKED),
        "form": form or BankedForm(),
    }
    return render(request, "staff/tills.html", context, status=422 if form and form.errors else 200)
