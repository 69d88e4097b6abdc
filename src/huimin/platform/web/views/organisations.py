"""Organisations that pay for many: taken in, their money by two people, and the invoices for their lists."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.bulk.api import (
    OrganisationFacts,
    all_organisations,
    money_moves,
    money_proposals,
    open_organisation,
    organisation_by_code,
    propose_deposit,
    propose_payout,
)
from huimin.platform.foundation.approvals.services import answer_proposal
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.permissions import Action
from huimin.platform.invoicing.api import (
    AmountWithInvoices,
    InvoiceFacts,
    ask_for_invoice,
    file_for_organisation,
    invoices_of_organisation,
)
from huimin.platform.web.approval_words import ANSWERED
from huimin.platform.web.bulk_words import MOVES
from huimin.platform.web.downloads import pdf_shown
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.many import DepositForm, OrganisationForm, PayoutForm
from huimin.platform.web.forms.staff import ApprovalForm
from huimin.platform.web.invoice_words import invoice_standing, paid_for
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["answer", "ask", "deposit", "invoice", "organisation", "organisations", "payout"]


@staff_page(Action.SEE_BULK)
def organisations(request: CityRequest) -> HttpResponse:
    """All of them with what they have left; and a new one is taken in here."""
    form = OrganisationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            open_organisation(actor=request.actor, **form.cleaned_data)
        except HuiminError as error:
            form.refuse(error, field="credit_code" if error.code == "bad_credit_code" else "code")
        else:
            return redirect("organisation", code=form.cleaned_data["code"])
    context = {
        "organisations": all_organisations(request.city),
        "form": form,
        "opens": admits(request.actor, Action.OPEN_ORGANISATION),
    }
    return render(request, "staff/organisations.html", context, status=422 if form.errors else 200)


@staff_page(Action.SEE_BULK)
def organisation(request: CityRequest, code: str) -> HttpResponse:
    """One organisation: its money, what waits for a second person, and what can be proposed."""
    return _organisation(request, _organisation_or_404(request, code), None)


@staff_page(Action.RECORD_ORGANISATION_MONEY)
@require_POST
def deposit(request: CityRequest, code: str) -> HttpResponse:
    """A transfer that is on the bank's statement."""
    form = DepositForm(posted(request), at="in")
    if form.is_valid():
        try:
            propose_deposit(actor=request.actor, organisation=code, **form.cleaned_data)
        except HuiminError as error:
            form.refuse(error, field="amount")
        else:
            messages.success(request, _("已提请，等待另一人复核。"))
            return redirect("organisation", code=code)
    return _organisation(request, _organisation_or_404(request, code), form)


@staff_page(Action.RECORD_ORGANISATION_MONEY)
@require_POST
def payout(request: CityRequest, code: str) -> HttpResponse:
    """What is left goes back to the organisation."""
    form = PayoutForm(posted(request), at="out")
    if form.is_valid():
        try:
            propose_payout(actor=request.actor, organisation=code, **form.cleaned_data)
        except HuiminError as error:
            form.refuse(error, field="amount")
        else:
            messages.success(request, _("已提请，等待另一人复核。"))
            return redirect("organisation", code=code)
    return _organisation(request, _organisation_or_404(request, code), form)


@staff_page(Action.AGREE_TO_ORGANISATION_MONEY)
@require_POST
def answer(request: CityRequest, code: str, approval_id: int) -> HttpResponse:
    """A second person agrees, or sends it back."""
    found, form = _organisation_or_404(request, code), ApprovalForm(posted(request))
    if approval_id not in {one.id for one in money_proposals(request.city, code)}:
        raise Http404
    if form.is_valid():
        agrees, note = form.cleaned_data["answer"] == "agree", form.cleaned_data["note"]
        try:
            answered = answer_proposal(actor=request.actor, approval_id=approval_id, agrees=agrees, reason=note)
        except HuiminError as error:
            form.refuse(error, field="note")
        else:
            messages.success(request, ANSWERED[answered.answer])
            return redirect("organisation", code=code)
    return _organisation(request, found, form)


@staff_page(Action.WORK_ON_INVOICES)
@require_POST
def ask(request: CityRequest, code: str, file_id: int) -> HttpResponse:
    """The one invoice for a list, made out to the organisation as it is registered here."""
    sources = {one.paid.source for one in invoices_of_organisation(request.city, code)}
    if f"list:{file_id}" not in sources:
        raise Http404
    try:
        ask_for_invoice(actor=request.actor, source=f"list:{file_id}")
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    else:
        messages.success(request, _("已申请开票，开好后可在这里下载。"))
    return redirect("organisation", code=code)


@staff_page(Action.SEE_INVOICES)
def invoice(request: CityRequest, code: str, invoice_id: int) -> HttpResponse:
    """The PDF, as the invoice platform gave it."""
    data = file_for_organisation(request.city, invoice_id, code)
    if data is None:
        raise Http404
    return pdf_shown(data, f"invoice-{invoice_id}")


def _organisation(request: CityRequest, found: OrganisationFacts, form: PageForm | None) -> HttpResponse:
    forms = {"deposit": DepositForm, "payout": PayoutForm, "answering": ApprovalForm}
    empty = {"deposit": DepositForm(at="in"), "payout": PayoutForm(at="out"), "answering": ApprovalForm()}
    shown = {name: form if isinstance(form, kind) else empty[name] for name, kind in forms.items()}
    context = {
        "organisation": found,
        "moves": [(MOVES[one.kind], one) for one in money_moves(request.city, found.id)],
        "amounts": [_amount(one) for one in invoices_of_organisation(request.city, found.code)],
        "asks": admits(request.actor, Action.WORK_ON_INVOICES),
        "proposals": money_proposals(request.city, found.code),
        "records": admits(request.actor, Action.RECORD_ORGANISATION_MONEY),
        "agrees": admits(request.actor, Action.AGREE_TO_ORGANISATION_MONEY),
        "form": form or empty["answering"],
        **shown,
    }
    return render(request, "staff/organisation.html", context, status=422 if form and form.errors else 200)


def _amount(one: AmountWithInvoices) -> tuple[AmountWithInvoices, int, str, list[tuple[InvoiceFacts, str]]]:
    """With the list's number, what was paid, and how far each invoice is."""
    invoices = [(invoice, invoice_standing(invoice)) for invoice in one.invoices]
    return one, int(one.paid.source.partition(":")[2]), paid_for(one.paid), invoices


def _organisation_or_404(request: CityRequest, code: str) -> OrganisationFacts:
    found = organisation_by_code(request.city, code)
    if found is None:
        raise Http404
    return found
