"""What a payment case is about, in the page's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from huimin.platform.payments.api import CaseKind

__all__ = ["CASE_KINDS"]

CASE_KINDS = {
    CaseKind.OTHER_AMOUNT: gettext_lazy("到账金额与订单不符，应退还"),
    CaseKind.PAID_AGAIN: gettext_lazy("同一订单重复付款，应退还"),
    CaseKind.UNKNOWN_PAYMENT: gettext_lazy("来款找不到订单，待查"),
    CaseKind.CONTRADICTION: gettext_lazy("支付机构前后通知不一致"),
    CaseKind.UNREADABLE: gettext_lazy("支付机构的通知无法识别"),
    CaseKind.NO_COVER: gettext_lazy("已付款但不能承保，应退还"),
    CaseKind.ACCOUNT_STRUCK_OUT: gettext_lazy("个人账户缴费被剔除，保单有效，请联系付款人补缴"),
    CaseKind.ACCOUNT_OFFSET: gettext_lazy("个人账户已冲抵，付款人先付的款应退还"),
    CaseKind.MISSING_WITH_US: gettext_lazy("对账：支付机构有，我方没有收款记录"),
    CaseKind.MISSING_WITH_THEM: gettext_lazy("对账：我方有收款记录，支付机构没有"),
    CaseKind.FILE_OTHER_AMOUNT: gettext_lazy("对账：双方金额或订单号不同"),
    CaseKind.FILE_TWICE: gettext_lazy("对账：支付机构文件中重复出现"),
}
