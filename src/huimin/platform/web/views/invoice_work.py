"""Invoices that are not issued: on their way, or refused by the invoice platform, and what staff do with these."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.invoicing.api import (
    InvoiceFacts,
    InvoiceStatus,
    give_up_invoice,
    open_invoices,
    try_invoice_again,
)
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.invoices import InvoiceWorkForm
from huimin.platform.web.invoice_words import invoice_standing
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.two_people import carried_out

__all__ = ["invoice_queue", "invoice_work"]

_RETRY, _GIVE_UP = "retry", "give_up"


@staff_page(Action.SEE_INVOICES)
def invoice_queue(request: CityRequest) -> HttpResponse:
    """The oldest first, page by page."""
    return _queue(request, None)


@staff_page(Action.WORK_ON_INVOICES)
@require_POST
def invoice_work(request: CityRequest, invoice_id: int) -> HttpResponse:
    """One of the buttons, with a note."""
    form = InvoiceWorkForm(posted(request), at=invoice_id, doings=_DOING)
    return carried_out(request, form, _DOING, _queue, "invoice-queue")


def _queue(request: CityRequest, sent: InvoiceWorkForm | None) -> HttpResponse:
    """`sent`: the form of one invoice that was refused, to be shown with its faults."""
    found = open_invoices(request.city, page_number(request.GET.get("page")))
    rows = [
        {
            "invoice": one,
            "standing": invoice_standing(one),
            "buttons": _buttons(request, one),
            "form": sent if sent is not None and sent.at == one.id else InvoiceWorkForm(at=one.id, doings=_DOING),
        }
        for one in found
    ]
    context = {"rows": rows, "list": found, "total": found.total, "form": sent}
    return render(request, "staff/invoices.html", context)


def _buttons(request: CityRequest, one: InvoiceFacts) -> list[tuple[str, str]]:
    """What this person may do with it: the value of the button, and its words."""
    if not admits(request.actor, Action.WORK_ON_INVOICES) or one.status == InvoiceStatus.BEHIND:
        return []
    if one.status == InvoiceStatus.REFUSED:
        return [(_RETRY, _("再次办理")), (_GIVE_UP, _("不再开具"))]
    return [(_RETRY, _("再次询问"))]


def _retry(request: CityRequest, invoice_id: int, note: str) -> str:
    try_invoice_again(actor=request.actor, invoice_id=invoice_id, note=note)
    return _("已重新发往电子发票平台。")


def _give_up(request: CityRequest, invoice_id: int, note: str) -> str:
    give_up_invoice(actor=request.actor, invoice_id=invoice_id, note=note)
    return _("已登记为不再开具。")


_DOING: dict[str, Callable[[CityRequest, int, str], str]] = {_RETRY: _retry, _GIVE_UP: _give_up}
