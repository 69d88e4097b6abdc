"""The account to which claims are paid and what was paid, for residents; payouts that need a person, for staff."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.approvals.proposal import Answered
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.payouts.api import (
    PayoutStatus,
    accounts_of,
    agree_to_payout,
    ask_for_account_code,
    check_account,
    give_account,
    open_payouts,
    payouts_of_payee,
    propose_payout,
    proposed_payouts,
)
from huimin.platform.web.approval_words import ANSWERED
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.residents import PayoutAccountForm
from huimin.platform.web.forms.staff import DoingForm
from huimin.platform.web.payout_words import STATUS_WORDS, why_returned
from huimin.platform.web.session import CityRequest, resident_page, staff_page

__all__ = ["claim_payout", "claim_payouts", "payouts"]

_CHECK = "payout_account_check"
_FIELDS = {"bad_card_number": "number", "same_account": "number", "bank_missing": "bank_name"}
_PROPOSE, _AGREE, _SEND_BACK = "propose", "agree", "send_back"
_ANSWERED = {
    **ANSWERED,
    Answer.APPROVED: gettext_lazy("已同意，正在付款。"),
    Answer.SENT_BACK: gettext_lazy("已退回提请。"),
}


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
    context = {"account": accounts_of(request.city, [own]).get(own), "form": form, "asked": asked, "rows": rows}
    return render(request, "resident/payouts.html", context, status=422 if form.errors else 200)


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
    """`sent`: the form of one payout that was refused, to be shown with its faults."""
    found = open_payouts(request.city, page_number(request.GET.get("page")))
    proposed = proposed_payouts(request.city, [one.id for one in found])
    rows = [
        {
            "payout": one,
            "status": STATUS_WORDS[one.status],
            "why": why_returned(one.fault),
            "proposal": proposed.get(one.id),
            "buttons": _buttons(request, one.status, proposed=one.id in proposed),
            "form": sent if sent is not None and sent.at == one.id else DoingForm(at=one.id, doings=_DOING),
        }
        for one in found
    ]
    context = {"rows": rows, "list": found, "total": found.total, "form": sent}
    return render(request, "staff/payouts.html", context, status=422 if sent is not None else 200)


def _buttons(request: CityRequest, status: PayoutStatus, *, proposed: bool) -> list[tuple[str, str]]:
    """What this person may do with a payout: the value of the button, and its words."""
    if status is not PayoutStatus.FOR_SECOND_PERSON:
        return []
    if proposed:
        agrees = admits(request.actor, Action.AGREE_TO_PAYOUT)
        return [(_AGREE, _("同意")), (_SEND_BACK, _("退回"))] if agrees else []
    return [(_PROPOSE, _("提请付款"))] if admits(request.actor, Action.PAY_OUT) else []


@staff_page(Action.PAY_OUT, Action.AGREE_TO_PAYOUT)
@require_POST
def claim_payout(request: CityRequest, payout_id: int) -> HttpResponse:
    """One of the buttons of `_buttons`, with a note."""
    form = DoingForm(posted(request), at=payout_id, doings=_DOING)
    if not form.is_valid():
        return _listed(request, form)
    do, note = form.cleaned_data["do"], form.cleaned_data["note"]
    try:
        said = _DOING[do](request, payout_id, note)
    except HuiminError as error:
        form.refuse(error)
        return _listed(request, form)
    messages.success(request, said)
    return redirect("claim-payouts")


def _propose(request: CityRequest, payout_id: int, note: str) -> str:
    propose_payout(actor=request.actor, payout_id=payout_id, note=note)
    return _("已提请，等待另一人复核。")


def _agree(request: CityRequest, payout_id: int, note: str) -> str:
    return _answered(agree_to_payout(actor=request.actor, payout_id=payout_id, agrees=True, note=note))


def _send_back(request: CityRequest, payout_id: int, note: str) -> str:
    return _answered(agree_to_payout(actor=request.actor, payout_id=payout_id, agrees=False, note=note))


def _answered(answered: Answered) -> str:
    return str(_ANSWERED[answered.answer])


_DOING: dict[str, Callable[[CityRequest, int, str], str]] = {
    _PROPOSE: _propose,
    _AGREE: _agree,
    _SEND_BACK: _send_back,
}
