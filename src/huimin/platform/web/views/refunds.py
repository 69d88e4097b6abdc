"""Refunds that are not done: what is on its way, what two people have to agree on, and what the company refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import begin_refunds
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.approvals.proposal import Answered
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.api import (
    RefundReason,
    RefundStatus,
    agree_to_refund,
    open_refunds,
    propose_refund,
    proposed_refunds,
    try_refund_again,
)
from huimin.platform.web.approval_words import ANSWERED
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import DoingForm
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["REASON_WORDS", "STATUS_WORDS", "begin", "refund", "refunds"]

REASON_WORDS = {
    RefundReason.OTHER_AMOUNT: gettext_lazy("到账金额与订单不符"),
    RefundReason.PAID_AGAIN: gettext_lazy("重复付款"),
    RefundReason.NO_COVER: gettext_lazy("已付款但不能承保"),
    RefundReason.WITHDRAWN: gettext_lazy("退保"),
    RefundReason.CORRECTED: gettext_lazy("批改后保费降低"),
    RefundReason.ENDED: gettext_lazy("保障终止"),
}
STATUS_WORDS = {
    RefundStatus.FOR_SECOND_PERSON: gettext_lazy("大额退款，须两人办理"),
    RefundStatus.WAITING: gettext_lazy("等待发往支付机构"),
    RefundStatus.ASKED: gettext_lazy("支付机构办理中"),
    RefundStatus.DONE: gettext_lazy("已退回"),
    RefundStatus.REFUSED: gettext_lazy("支付机构拒绝，待人工处理"),
}
_PROPOSE, _AGREE, _SEND_BACK, _RETRY = "propose", "agree", "send_back", "retry"
_ANSWERED = {
    **ANSWERED,
    Answer.APPROVED: gettext_lazy("已同意，正在退款。"),
    Answer.SENT_BACK: gettext_lazy("已退回提请。"),
}


@staff_page(Action.SEE_REFUNDS)
def refunds(request: CityRequest) -> HttpResponse:
    """The oldest first, page by page."""
    return _refunds(request, None)


def _refunds(request: CityRequest, sent: DoingForm | None) -> HttpResponse:
    """`sent`: the form of one refund that was refused, to be shown with its faults."""
    found = open_refunds(request.city, page_number(request.GET.get("page")))
    proposed = proposed_refunds(request.city, [one.id for one in found])
    rows = []
    for one in found:
        status = RefundStatus(one.status)
        rows.append(
            {
                "refund": one,
                "reason": REASON_WORDS[RefundReason(one.reason)],
                "status": STATUS_WORDS[status],
                "proposal": proposed.get(one.id),
                "buttons": _buttons(request, status, proposed=one.id in proposed),
                "form": sent if sent is not None and sent.at == one.id else DoingForm(at=one.id, doings=_DOING),
            }
        )
    context = {"rows": rows, "list": found, "total": found.total, "form": sent}
    context["may_begin"] = admits(request.actor, Action.PAY_BACK)
    return render(request, "staff/refunds.html", context)


def _buttons(request: CityRequest, status: RefundStatus, *, proposed: bool) -> list[tuple[str, str]]:
    """What this person may do with a refund: the value of the button, and its words."""
    if status == RefundStatus.REFUSED and admits(request.actor, Action.PAY_BACK):
        return [(_RETRY, _("再次办理"))]
    if status != RefundStatus.FOR_SECOND_PERSON:
        return []
    if proposed:
        agrees = admits(request.actor, Action.AGREE_TO_REFUND)
        return [(_AGREE, _("同意")), (_SEND_BACK, _("退回"))] if agrees else []
    return [(_PROPOSE, _("提请退款"))] if admits(request.actor, Action.PAY_BACK) else []


@staff_page(Action.PAY_BACK, Action.AGREE_TO_REFUND)
@require_POST
def refund(request: CityRequest, refund_id: int) -> HttpResponse:
    """One of the buttons of `_buttons`, with a note."""
    form = DoingForm(posted(request), at=refund_id, doings=_DOING)
    if not form.is_valid():
        return _refunds(request, form)
    do, note = form.cleaned_data["do"], form.cleaned_data["note"]
    try:
        said = _DOING[do](request, refund_id, note)
    except HuiminError as error:
        form.refuse(error)
        return _refunds(request, form)
    messages.success(request, said)
    return redirect("refunds")


def _propose(request: CityRequest, refund_id: int, note: str) -> str:
    propose_refund(actor=request.actor, refund_id=refund_id, note=note)
    return _("已提请，等待另一人复核。")


def _agree(request: CityRequest, refund_id: int, note: str) -> str:
    return _answered(agree_to_refund(actor=request.actor, refund_id=refund_id, agrees=True, note=note))


def _send_back(request: CityRequest, refund_id: int, note: str) -> str:
    return _answered(agree_to_refund(actor=request.actor, refund_id=refund_id, agrees=False, note=note))


def _answered(answered: Answered) -> str:
    return str(_ANSWERED[answered.answer])


def _retry(request: CityRequest, refund_id: int, note: str) -> str:
    try_refund_again(actor=request.actor, refund_id=refund_id, note=note)
    return _("已重新发往支付机构。")


_DOING: dict[str, Callable[[CityRequest, int, str], str]] = {
    _PROPOSE: _propose,
    _AGREE: _agree,
    _SEND_BACK: _send_back,
    _RETRY: _retry,
}


@staff_page(Action.PAY_BACK)
@require_POST
def begin(request: CityRequest) -> HttpResponse:
    """Begin the refunds that are owed and have not begun."""
    count = begin_refunds(actor=request.actor)
    messages.success(request, ngettext("已发起 %(n)s 笔退款。", "已发起 %(n)s 笔退款。", count) % {"n": count})
    return redirect("refunds")
