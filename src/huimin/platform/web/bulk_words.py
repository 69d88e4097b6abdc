"""Words for files of many people: how a row stands, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.platform.bulk.api import RowResult
from huimin.platform.web.fund_words import FAULTS
from huimin.platform.web.sentences import SENTENCES

__all__ = ["FILE_STATES", "KINDS", "MOVES", "STATES", "faults_in_words", "outcome_in_words"]

STATES = {
    "faulty": gettext_lazy("有错误，不予办理"),
    "ready": gettext_lazy("核对无误，待确认"),
    "asked": gettext_lazy("待本人同意"),
    "agreed": gettext_lazy("待缴款到账后办理"),
    "declined": gettext_lazy("本人不同意"),
    "lapsed": gettext_lazy("逾期未答复"),
    "enrolled": gettext_lazy("已参保"),
    "ordered": gettext_lazy("医保部门核对中"),
    "refused": gettext_lazy("未能办理"),
    "cancelled": gettext_lazy("已取消"),
}
FILE_STATES = {
    "coming": gettext_lazy("接收中"),
    "checking": gettext_lazy("核对中"),
    "refused": gettext_lazy("整份退回"),
    "checked": gettext_lazy("待确认"),
    "accepted": gettext_lazy("已确认，办理中"),
    "cancelled": gettext_lazy("已取消"),
}
KINDS = {
    "consented": gettext_lazy("渠道已逐人取得本人同意"),
    "asking": gettext_lazy("由平台逐人征求同意"),
}
MOVES = {
    "paid_in": gettext_lazy("单位缴款到账"),
    "paid_out": gettext_lazy("退还单位"),
    "used": gettext_lazy("已用于保费"),
    "given_back": gettext_lazy("退保退回"),
}
_COLUMNS = {
    "reference": gettext_lazy("编号"),
    "name": gettext_lazy("姓名"),
    "id_number": gettext_lazy("证件号码"),
    "relation": gettext_lazy("与投保人关系"),
    "holder_name": gettext_lazy("投保人姓名"),
    "holder_id_number": gettext_lazy("投保人证件号码"),
    "edition": gettext_lazy("版本"),
    "amount": gettext_lazy("保费"),
}
_OUTCOMES = {
    "enrolled": gettext_lazy("已参保"),
    "refused": gettext_lazy("未办理"),
    "waiting": gettext_lazy("等待中"),
}
_FAULTS = {
    **FAULTS,
    "digest_differs": gettext_lazy("收到的内容与渠道报送的摘要不一致，请重新发送。"),
    "unknown_person": gettext_lazy("不在本市基本医保参保名册中。"),
    "name_differs": gettext_lazy("姓名与证件号码不一致。"),
    "person_twice": gettext_lazy("与第 %(found)s 行是同一人。"),
    "reference_twice": gettext_lazy("与第 %(found)s 行编号相同。"),
    "reference_enrolled": gettext_lazy("这个编号已办理过，保单号 %(found)s。"),
    "reference_too_long": gettext_lazy("编号超过 60 个字符。"),
    "relation_unknown": gettext_lazy("“%(found)s”不是可用的关系，请填写本人、配偶、子女或父母。"),
    "holder_missing": gettext_lazy("为家人参保时请填写投保人姓名和证件号码。"),
    "holder_is_minor": gettext_lazy("投保人未满 18 周岁。"),
    "guardian_missing": gettext_lazy("未成年人须由监护人同意，请填写监护人为投保人。"),
    "amount_unreadable": gettext_lazy("“%(found)s”不是金额。"),
    "amount_differs": gettext_lazy("保费应为 %(found)s 元。"),
    "price_changed": gettext_lazy("保费已有变化，请按新的保费重新报送。"),
    "price_unknown": gettext_lazy("条款没有写明此人的保费，请人工办理。"),
    "order_refused": gettext_lazy("医保部门核对后未能办理。"),
}


def faults_in_words(faults: Iterable[tuple[str, str, str]]) -> list[str]:
    """A sentence for each: the column as clerks call it, and what is wrong."""
    return [_fault(column, code, found) for column, code, found in faults]


def _fault(column: str, code: str, found: str) -> str:
    said = str(_FAULTS.get(code) or SENTENCES.get(code, code))
    said = said % {"found": found} if "%(found)s" in said else said
    if not column:
        return said
    return _("%(column)s：%(said)s") % {"column": _COLUMNS[column], "said": said}


def outcome_in_words(row: RowResult) -> tuple[str, str]:
    """What came of a row, and why: the sentences of its faults, else how it stands."""
    reasons = faults_in_words(row.faults) or ([] if row.outcome == "enrolled" else [str(STATES[row.state])])
    return str(_OUTCOMES[row.outcome]), " ".join(reasons)
