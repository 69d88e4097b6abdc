"""What a resident paid, with its electronic invoices: asking for one, another title, and the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.platform.foundation.permissions import Action
from huimin.platform.invoicing.api import (
    AmountWithInvoices,
    InvoiceFacts,
    InvoiceStatus,
    ask_for_invoice,
    change_title,
    invoice_file,
    invoices_with_payer,
)
from huimin.platform.web.downloads import pdf_shown
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.invoices import TitleForm
from huimin.platform.web.invoice_words import invoice_standing, paid_for
from huimin.platform.web.session import CityRequest, resident_page

__all__ = ["invoice_ask", "invoice_document", "invoice_title", "invoices"]


@dataclass(frozen=True, slots=True)
class _Shown:
    """One paid amount on the page."""

    one: AmountWithInvoices
    paid_for: str
    invoices: list[tuple[InvoiceFacts, str]]

    @property
    def may_change(self) -> bool:
        standing = self.one.standing
        return standing is not None and standing.status == InvoiceStatus.ISSUED and self.one.paid.left > 0


@resident_page(Action.SEE_POLICIES)
def invoices(request: CityRequest) -> HttpResponse:
    """Everything that the resident paid, the latest first."""
    return render(request, "resident/invoices.html", {"amounts": [_shown(one) for one in _own(request)]})


@resident_page(Action.SEE_POLICIES)
def invoice_ask(request: CityRequest, source: str) -> HttpResponse:
    """To whom the invoice is made out, and asking for it."""
    one = _amount(request, source)
    form = TitleForm(posted(request), own_name=request.resident.name, person_only=one.paid.to_person_only)
    ask = lambda: ask_for_invoice(actor=request.actor, source=source, title=form.title())  # noqa: E731 - one line
    return _answer(request, form, one, ask)


@resident_page(Action.SEE_POLICIES)
def invoice_title(request: CityRequest, source: str) -> HttpResponse:
    """Another title for an invoice that is issued: the old one is taken back first."""
    one = _amount(request, source)
    old = one.standing
    if old is None:
        raise Http404
    form = TitleForm(posted(request), own_name=request.resident.name, person_only=one.paid.to_person_only)
    change = lambda: change_title(actor=request.actor, invoice_id=old.id, title=form.title())  # noqa: E731 - one line
    return _answer(request, form, one, change)


@resident_page(Action.SEE_POLICIES)
def invoice_document(request: CityRequest, invoice_id: int) -> HttpResponse:
    """The PDF, as the invoice platform gave it."""
    data = invoice_file(request.city, invoice_id, request.resident.id)
    if data is None:
        raise Http404
    return pdf_shown(data, f"invoice-{invoice_id}")


def _answer(request: CityRequest, form: PageForm, one: AmountWithInvoices, do: Callable[[], int]) -> HttpResponse:
    if form.is_valid():
        try:
            do()
        except HuiminError as error:
            form.refuse(error, field="number" if error.code == "bad_credit_code" else "")
        else:
            messages.success(request, _("已收到您的开票申请。开好后短信告诉您，可在这里下载。"))
            return redirect("invoices", city_code=request.city.code)
    return render(request, "resident/invoice_ask.html", {"form": form, "shown": _shown(one)})


def _own(request: CityRequest) -> list[AmountWithInvoices]:
    return invoices_with_payer(request.city, request.resident.id)


def _amount(request: CityRequest, source: str) -> AmountWithInvoices:
    for one in _own(request):
        if one.paid.source == source:
            return one
    raise Http404


def _shown(one: AmountWithInvoices) -> _Shown:
    return _Shown(one, paid_for(one.paid), [(invoice, invoice_standing(invoice)) for invoice in one.invoices])
