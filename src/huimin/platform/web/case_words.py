"""What a payment case is about, in the page's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from huimin.platform.payments.api import CaseKind, DifferenceAnswer

__all__ = ["CASE_KINDS", "DIFFERENCE_ANSWERS"]

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
    CaseKind.BANK_NOT_BOOKED: gettext_lazy("银行对账：银行有这笔记账，我方没有"),
    CaseKind.BANK_LACKS: gettext_lazy("银行对账：我方已记账，银行对账单没有"),
    CaseKind.BANK_OTHER_AMOUNT: gettext_lazy("银行对账：同一笔付款，双方金额不同"),
    CaseKind.BANK_TWICE: gettext_lazy("银行对账：同一笔付款，银行记了不止一次"),
    CaseKind.BANK_NO_STATEMENT: gettext_lazy("银行对账：没有取到可用的银行对账单"),
}
DIFFERENCE_ANSWERS: dict[DifferenceAnswer, Promise | str] = {
    DifferenceAnswer.ON_ANOTHER_DAY: gettext_lazy("银行记在另一天的对账单上"),
    DifferenceAnswer.NOT_PAID: gettext_lazy("银行查明没有付出，这笔赔款重新列为应付"),
    DifferenceAnswer.BANK_TAKES_BACK: gettext_lazy("银行记错，将冲回"),
    DifferenceAnswer.BANK_EVENS_OUT: gettext_lazy("银行付错金额，将补足或追回差额"),
    DifferenceAnswer.WRITTEN_WRONGLY: gettext_lazy("只是对账单写错，款项与我方记账一致"),
    DifferenceAnswer.NOT_FOR_CLAIMS: gettext_lazy("与赔款无关的款项，如银行手续费"),
    DifferenceAnswer.REPAYS: gettext_lazy("参保人归还多付的赔款，计入下面填写的保单"),
    DifferenceAnswer.NO_STATEMENT_THAT_DAY: gettext_lazy("银行确认当天账户没有往来，不出对账单"),
}
"""What a person may find about a difference with the bank, as the form says it."""
