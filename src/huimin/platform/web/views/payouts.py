"""The account to which claims are paid and what was paid, for residents; payouts that need a person, for staff."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.clearing.api import paid_clients, party_of
from huimin.platform.enrolment.api import PolicyFacts, policies_of
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.payouts.api import (
    Debt,
    PayoutStatus,
    accounts_of,
    agree_to_payout,
    ask_for_account_code,
    check_account,
    debts_of_policies,
    give_account,
    open_payouts,
    payee_of,
    payouts_of_payee,
    propose_payout,
    proposed_payouts,
)
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.residents import PayoutAccountForm
from huimin.platform.web.forms.staff import DoingForm
from huimin.platform.web.payout_words import STATUS_WORDS, bill_name, why_returned
from huimin.platform.web.session import CityRequest, resident_page, staff_page
from huimin.platform.web.two_people import buttons, carried_out, doings, form_of_row

__all__ = ["claim_payout", "claim_payouts", "payouts"]

_CHECK = "payout_account_check"
_FIELDS = {"bad_card_number": "number", "same_account": "number", "bank_missing": "bank_name"}


@resident_page(Action.GIVE_ACCOUNT)
def payouts(request: CityRequest) -> HttpResponse:
    """One's account, a form to give another, and what was paid. The account needs a code to one's own telephone."""
    form, asked = PayoutAccountForm(posted(request) if request.method == "POST" else None), False
    if request.method == "POST" and form.is_valid():
        try:
            if not form.cleaned_data["code"]:
                _send_code(request, form)
                asked = True
            else:
                _give(request, form)
                return redirect("payouts", city_code=request.city.code)
        except HuiminError as error:
            form.refuse(error, field=_FIELDS.get(error.code, "code"))
    asked = asked or bool(request.session.get(_CHECK) and form.is_bound)
    own = request.resident.id
    rows = [(one, STATUS_WORDS[one.status], why_returned(one.fault)) for one in payouts_of_payee(request.city, own)]
    context = {
        "account": accounts_of(request.city, [own]).get(own),
        "form": form,
        "asked": asked,
        "rows": rows,
        "debts": _debts(request),
        "bank_account": settings.BANK_ACCOUNT,
    }
    return render(request, "resident/payouts.html", context, status=422 if form.errors else 200)


def _debts(request: CityRequest) -> list[tuple[Debt, list[tuple[str, int]]]]:
    """What this resident owes back, with its bills: on their own policies, and on those of minors whose claims are paid
    to them.
    """
    policies = {policy.number: policy for policy in policies_of(request.city, request.resident)}
    return [
        (debt, [(bill_name(source), fen) for source, fen in debt.bills])
        for debt in debts_of_policies(request.city, policies.values())
        if _is_paid_to(request, policies[debt.policy_number])
    ]


def _is_paid_to(request: CityRequest, policy: PolicyFacts) -> bool:
    payee = payee_of(request.city, policy)
    return payee is not None and payee.id == request.resident.id


def _send_code(request: CityRequest, form: PayoutAccountForm) -> None:
    """What is wrong with the account is said before a code goes out for it."""
    said = form.cleaned_data
    check_account(request.city, request.resident.id, said["number"], said["bank_name"])
    request.session[_CHECK] = ask_for_account_code(actor=request.actor, resident_id=request.resident.id)


def _give(request: CityRequest, form: PayoutAccountForm) -> None:
    said = form.cleaned_data
    given = give_account(
        actor=request.actor,
        resident_id=request.resident.id,
        number=said["number"],
        bank_name=said["bank_name"],
        check_id=int(request.session.get(_CHECK, 0)),
        code=said["code"],
    )
    request.session.pop(_CHECK, None)
    messages.success(request, _("收款账户已登记为尾号 %(n)s。") % {"n": given.last_four})


@staff_page(Action.SEE_PAYOUTS)
def claim_payouts(request: CityRequest) -> HttpResponse:
    """What is under way, waits for a second person, or came back; the oldest first."""
    return _listed(request, None)


def _listed(request: CityRequest, sent: DoingForm | None) -> HttpResponse:
    found = open_payouts(request.city, page_number(request.GET.get("page")))
    proposed = proposed_payouts(request.city, [one.id for one in found])
    hospitals = {party_of(client).text: client for client in paid_clients(request.city)}
    rows = [
        {
            "payout": one,
            "hospital": hospitals.get(one.hospital),
            "status": STATUS_WORDS[one.status],
            "why": why_returned(one.fault),
            "proposal": proposed.get(one.id),
            "buttons": _buttons(request, one.status, proposed=one.id in proposed),
            "form": form_of_row(one.id, _DOINGS, sent),
        }
        for one in found
    ]
    context = {"rows": rows, "list": found, "total": found.total, "form": sent}
    return render(request, "staff/payouts.html", context, status=422 if sent is not None else 200)


def _buttons(request: CityRequest, status: PayoutStatus, *, proposed: bool) -> list[tuple[str, str]]:
    if status is not PayoutStatus.FOR_SECOND_PERSON:
        return []
    return buttons(request, Action.PAY_OUT, Action.AGREE_TO_PAYOUT, _("提请付款"), proposed=proposed)


@staff_page(Action.PAY_OUT, Action.AGREE_TO_PAYOUT)
@require_POST
def claim_payout(request: CityRequest, payout_id: int) -> HttpResponse:
    """One of the buttons of `_buttons`, with a note."""
    form = DoingForm(posted(request), at=payout_id, doings=_DOINGS)
    return carried_out(request, form, _DOINGS, _listed, "claim-payouts")


_DOINGS = doings(
    lambda request, which, note: propose_payout(actor=request.actor, payout_id=which, note=note),
    lambda request, which, agrees, note: agree_to_payout(
        actor=request.actor, payout_id=which, agrees=agrees, note=note
    ),
    gettext_lazy("已同意，正在付款。"),
)
