"""Words of renewals: how one stands, by which roads somebody was told, and what is missing of a proof."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from huimin.platform.renewal.api import Lack, RenewalStatus, Road, ToldBy
from huimin.platform.web.sentences import sentence

__all__ = ["EVENT_WORDS", "LACK_WORDS", "ROAD_WORDS", "STATUS_WORDS", "TOLD_WORDS", "sheet_in_groups", "why_in_words"]

STATUS_WORDS = {
    RenewalStatus.ANNOUNCED: _("已预告，尚未扣款"),
    RenewalStatus.PAYING: _("正在扣款"),
    RenewalStatus.RENEWED: _("已续保"),
    RenewalStatus.UNDONE: _("已取消"),
    RenewalStatus.REFUSED: _("不能续保，没有扣款"),
    RenewalStatus.FAILED: _("没有续上，没有扣款或已退回"),
    RenewalStatus.GIVEN_BACK: _("没有同意凭据，已全额退回"),
}
EVENT_WORDS = {str(status): words for status, words in STATUS_WORDS.items()}
TOLD_WORDS = {
    ToldBy.TEXT: _("短信"),
    ToldBy.CENTRE: _("消息中心"),
    ToldBy.TELEPHONE: _("电话"),
    ToldBy.LETTER: _("信函"),
}
ROAD_WORDS = {Road.PAGE: _("本人在页面办理"), Road.REPLY: _("短信回复"), Road.COUNTER: _("柜台或电话")}
WHY_WORDS = {
    "no_consent": _("同意已收回。"),
    "not_announced": _("没有按时用两种方式告知。"),
    "terms_of_renewal_differ": _("条款在预告之后有更正，须重新预告。"),
    "no_agreement": _("还没有与支付机构签订代扣协议。在投保期内签约，会重新预告。"),
    "agreement_ended": _("代扣协议已经解除。"),
    "account_declined": _("签约的账户没有扣款成功。"),
}
"""Why a renewal was stopped, beside the codes of errors."""
LACK_WORDS = {
    Lack.NO_RENEWAL: _("没有续保记录与这份订单对应。"),
    Lack.NO_CONSENT: _("没有同意自动续保的记录。"),
    Lack.NOT_IN_FORCE: _("扣款时这项同意尚未作出，或已收回。"),
    Lack.OTHER_PEOPLE: _("同意记录中的付款人或被保险人与订单不符。"),
    Lack.WORDS_DIFFER: _("保存的同意文字与其指纹不符。"),
    Lack.NOT_ANNOUNCED: _("扣款前没有用两种方式告知。"),
}


def sheet_in_groups(lines: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The sheet as a page shows it: each heading with the lines below it; what stands before the first has none."""
    groups: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        if line.startswith("【"):
            groups.append((line, []))
        else:
            groups[-1][1].append(line)
    return groups


def why_in_words(code: str) -> str:
    """Why a renewal was refused or failed; empty where it was not."""
    return str(WHY_WORDS[code]) if code in WHY_WORDS else sentence(code, {}) if code else ""
