"""Invoices in words: what was paid for, how far an invoice is, and why the platform refused it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.platform.invoicing.api import InvoiceFacts, InvoiceStatus, PaidAmount

__all__ = ["FAULT_WORDS", "STATUS_WORDS", "invoice_standing", "paid_for"]

STATUS_WORDS: dict[str, Promise | str] = {
    InvoiceStatus.BEHIND: gettext_lazy("等原发票红冲后开具"),
    InvoiceStatus.WAITING: gettext_lazy("等待发往电子发票平台"),
    InvoiceStatus.ASKED: gettext_lazy("电子发票平台开具中"),
    InvoiceStatus.ISSUED: gettext_lazy("已开具"),
    InvoiceStatus.REFUSED: gettext_lazy("电子发票平台退回，工作人员处理中"),
    InvoiceStatus.GIVEN_UP: gettext_lazy("没有开成"),
}
FAULT_WORDS: dict[str, Promise | str] = {
    "buyer_not_registered": gettext_lazy("查无此纳税人识别号"),
    "amount_not_possible": gettext_lazy("金额或抬头不被接受"),
    "invoice_not_known": gettext_lazy("平台查不到被红冲的发票"),
    "more_than_is_left": gettext_lazy("红冲金额大于发票余额"),
    "not_confirmed": gettext_lazy("购买方 72 小时内没有确认红冲"),
    "other_amount": gettext_lazy("平台开具的金额不同"),
}
"""By the platform's code. One that is not here is shown as it is."""


def paid_for(paid: PaidAmount) -> str:
    """What was paid, in a few words."""
    if paid.to_person_only:
        return _("个人账户缴纳的保费")
    if paid.source.startswith("cash:"):
        return _("柜面现金缴纳的保费 %(count)s 份") % {"count": paid.policy_count}
    return _("保费 %(count)s 份") % {"count": paid.policy_count} if paid.policies else _("保费")


def invoice_standing(one: InvoiceFacts) -> str:
    """How far it is, and why it was refused."""
    words = str(STATUS_WORDS[one.status])
    if not one.fault:
        return words
    fault = FAULT_WORDS.get(one.fault, one.fault)
    return _("%(words)s：%(fault)s") % {"words": words, "fault": fault}
