"""Tills: counted by whoever has one, paid in and confirmed by another person, and written off by two."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.counter.api import (
    agree_to_write_off,
    cash_owed,
    close_till,
    closings,
    confirm_banked,
    in_till,
    pay_out_cash,
    propose_write_off,
    proposed_write_offs,
)
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import masked_name, named_persons
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.counter import BankedForm, CloseTillForm
from huimin.platform.web.forms.staff import DoingForm
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.two_people import buttons, carried_out, doings, form_of_row

__all__ = ["banked", "pay_out", "till", "tills", "write_off"]


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


@staff_page(Action.WRITE_OFF_TILL, Action.AGREE_TO_WRITE_OFF)
@require_POST
def write_off(request: CityRequest, closing_id: int) -> HttpResponse:
    """One of the buttons of `_buttons`, with a note."""
    form = DoingForm(posted(request), at=closing_id, doings=_DOINGS)
    return carried_out(request, form, _DOINGS, _tills, "tills")


def _tills(request: CityRequest, sent: BankedForm | DoingForm | None) -> HttpResponse:
    found = closings(request.city)
    proposed = proposed_write_offs(request.city, [one.id for one in found if one.stands])
    rows = [
        {
            "closing": one,
            "banked": sent if isinstance(sent, BankedForm) and sent.at == one.id else BankedForm(at=one.id),
            "proposal": proposed.get(one.id),
            "buttons": _buttons(request, proposed=one.id in proposed) if one.stands else [],
            "form": form_of_row(one.id, _DOINGS, sent if isinstance(sent, DoingForm) else None),
        }
        for one in found
    ]
    context = {
        "rows": rows,
        "confirms": admits(request.actor, Action.CONFIRM_BANKED),
        "form": sent or BankedForm(),
    }
    return render(request, "staff/tills.html", context, status=422 if sent is not None else 200)


def _buttons(request: CityRequest, *, proposed: bool) -> list[tuple[str, str]]:
    return buttons(request, Action.WRITE_OFF_TILL, Action.AGREE_TO_WRITE_OFF, _("提请核销"), proposed=proposed)


_DOINGS = doings(
    lambda request, which, note: propose_write_off(actor=request.actor, closing_id=which, note=note),
    lambda request, which, agrees, note: agree_to_write_off(
        actor=request.actor, closing_id=which, agrees=agrees, note=note
    ),
    gettext_lazy("已同意，差额已核销。"),
)
