"""The handler's queue of payments that do not match an order."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.api import CaseKind, OpenCase, answers_to, close_case, find_difference, open_cases
from huimin.platform.web.account_words import STRIKE_REASONS
from huimin.platform.web.case_words import CASE_KINDS, DIFFERENCE_ANSWERS
from huimin.platform.web.days import day_in_words
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import CaseForm, DifferenceForm
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.resident import reason_sentence

__all__ = ["payment_case_close", "payment_case_find", "payment_cases"]


@staff_page(Action.SEE_PAYMENT_CASES)
def payment_cases(request: CityRequest) -> HttpResponse:
    """The open cases, oldest first, page by page."""
    return _cases(request, None)


def _cases(request: CityRequest, sent: CaseForm | None) -> HttpResponse:
    """The page of cases. `sent`: the form of one case that was refused, to be shown with its faults."""
    found = open_cases(request.city, page_number(request.GET.get("page")))
    shown = [
        (
            case,
            str(CASE_KINDS[CaseKind(case.kind)]),
            _sentences(case),
            _form(case, sent),
        )
        for case in found
    ]
    context = {"cases": shown, "list": found, "total": found.total, "form": sent}
    return render(request, "staff/payment_cases.html", context)


def _form(case: OpenCase, sent: CaseForm | None) -> CaseForm:
    """A case is closed with a note; one of a difference with the bank by a finding."""
    answers = answers_to(case.kind, case.detail.get("ours") or 0, case.detail.get("theirs") or 0)
    offered = [(one.value, DIFFERENCE_ANSWERS[one]) for one in answers]
    if sent is not None and sent.at == case.id:
        if isinstance(sent, DifferenceForm):
            sent.offer_answers(offered)
        return sent
    return DifferenceForm(at=case.id, answers=offered) if answers else CaseForm(at=case.id)


@staff_page(Action.FIND_DIFFERENCE)
@require_POST
def payment_case_find(request: CityRequest, case_id: int) -> HttpResponse:
    """What was found about a difference with the bank."""
    every = [(one.value, words) for one, words in DIFFERENCE_ANSWERS.items()]
    form = DifferenceForm(posted(request), at=case_id, answers=every)
    if not form.is_valid():
        return _cases(request, form)
    said = form.cleaned_data
    try:
        find_difference(actor=request.actor, case_id=case_id, **said)
    except HuiminError as error:
        form.refuse(error, field="policy" if error.code == "nothing_to_repay" else "")
        return _cases(request, form)
    messages.success(request, _("已认定。"))
    return redirect("payment-cases")


@staff_page(Action.CLOSE_PAYMENT_CASE)
@require_POST
def payment_case_close(request: CityRequest, case_id: int) -> HttpResponse:
    form = CaseForm(posted(request), at=case_id)
    if not form.is_valid():
        return _cases(request, form)
    try:
        close_case(actor=request.actor, case_id=case_id, **form.cleaned_data)
    except HuiminError as error:
        form.refuse(error)
        return _cases(request, form)
    messages.success(request, _("已关闭。"))
    return redirect("payment-cases")


def _both_sides(day: str, case: OpenCase) -> str:
    """What the bank states and what we have booked."""
    sides = (case.detail[side] for side in ("theirs", "ours"))
    theirs, ours = (_("没有记账") if fen is None else _("%(yuan)s 元") % {"yuan": format_yuan(fen)} for fen in sides)
    words = _("%(day)s 银行对账单，付款编号 %(key)s：银行%(theirs)s，我方%(ours)s。")
    return words % {"day": day, "key": case.reference, "theirs": theirs, "ours": ours}


def _sentences(case: OpenCase) -> list[str]:
    """What was found, in the page's language."""
    found = case.detail
    if "refused" in found:
        people = sum(found["refused"].values())
        first = _("付款日 %(day)s，%(people)s 人未能承保。") % {"day": found["paid_on"], "people": people}
        return [first, *(reason_sentence(code) for code in found["refused"])]
    if "transaction" in found:
        day = day_in_words(date.fromisoformat(found["day"]))
        if case.kind == CaseKind.BANK_NO_STATEMENT:
            return [_("%(day)s 的对账单已再次向银行索取，取到后自动核对。") % {"day": day}]
        if answers_to(case.kind, ours=1, theirs=0):
            return [_both_sides(day, case)]
        return [_("%(day)s 对账，流水号 %(number)s。") % {"day": day, "number": found["transaction"]}]
    if "notice" not in found:
        return [str(STRIKE_REASONS.get(found["reason"], found["reason"]))] if "reason" in found else []
    words = (
        _("支付机构称 %(said)s 元支付失败，订单应付 %(asked)s 元（通知 %(notice)s）。")
        if found["status"] == "failed"
        else _("支付机构称已付 %(said)s 元，订单应付 %(asked)s 元（通知 %(notice)s）。")
    )
    said = found.get("said", case.amount)
    return [words % {"said": format_yuan(said), "asked": format_yuan(found["asked"]), "notice": found["notice"]}]
