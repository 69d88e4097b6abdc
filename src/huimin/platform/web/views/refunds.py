"""Refunds that are not done: what is on its way, what two people have to agree on, and what the company refused."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from huimin.platform.enrolment.api import begin_refunds
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
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import DoingForm
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.two_people import buttons, carried_out, doings, form_of_row

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
_RETRY = "retry"


@staff_page(Action.SEE_REFUNDS)
def refunds(request: CityRequest) -> HttpResponse:
    """The oldest first, page by page."""
    return _refunds(request, None)


def _refunds(request: CityRequest, sent: DoingForm | None) -> HttpResponse:
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
                "form": form_of_row(one.id, _DOINGS, sent),
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
    return buttons(request, Action.PAY_BACK, Action.AGREE_TO_REFUND, _("提请退款"), proposed=proposed)


@staff_page(Action.PAY_BACK, Action.AGREE_TO_REFUND)
@require_POST
def refund(request: CityRequest, refund_id: int) -> HttpResponse:
    """One of the buttons of `_buttons`, with a note."""
    form = DoingForm(posted(request), at=refund_id, doings=_DOINGS)
    return carried_out(request, form, _DOINGS, _refunds, "refunds")


def _retry(request: CityRequest, refund_id: int, note: str) -> str:
    try_refund_again(actor=request.actor, refund_id=refund_id, note=note)
    return _("已重新发往支付机构。")


_DOINGS = {
    **doings(
        lambda request, which, note: propose_refund(actor=request.actor, refund_id=which, note=note),
        lambda request, which, agrees, note: agree_to_refund(
            actor=request.actor, refund_id=which, agrees=agrees, note=note
        ),
        gettext_lazy("已同意，正在退款。"),
    ),
    _RETRY: _retry,
}


@staff_page(Action.PAY_BACK)
@require_POST
def begin(request: CityRequest) -> HttpResponse:
    """Begin the refunds that are owed and have not begun."""
    count = begin_refunds(actor=request.actor)
    messages.success(request, ngettext("已发起 %(n)s 笔退款。", "已发起 %(n)s 笔退款。", count) % {"n": count})
    return redirect("refunds")
