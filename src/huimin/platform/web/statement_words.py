"""Words of hospitals' statements: how one stands, its lines, and what is wrong with a sheet that came back."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.errors import HuiminError
from huimin.platform.clearing.api import LineFacts, LineKind, LineState, StatementState
from huimin.platform.payments.api import FileFault, FileFaults
from huimin.platform.web.account_words import file_fault_sentence
from huimin.platform.web.sentences import error_sentence

__all__ = [
    "DISPUTE_REASONS",
    "LINE_KINDS",
    "LINE_STATES",
    "STATEMENT_STATES",
    "STATE_COLOURS",
    "line_stands",
    "sheet_sentences",
]

STATEMENT_STATES: dict[StatementState, Promise | str] = {
    StatementState.WAITING: gettext_lazy("待医院答复"),
    StatementState.OVERDUE: gettext_lazy("逾期未答复"),
    StatementState.DISPUTED: gettext_lazy("有异议待认定"),
    StatementState.SETTLED: gettext_lazy("已核定，待付款"),
    StatementState.TO_CORRECT: gettext_lazy("待医院更正"),
    StatementState.CARRIED: gettext_lazy("结转下期"),
    StatementState.PAYING: gettext_lazy("付款中"),
    StatementState.PAID: gettext_lazy("已付清"),
}
STATE_COLOURS = {
    StatementState.OVERDUE: "brick",
    StatementState.DISPUTED: "amber",
    StatementState.WAITING: "amber",
    StatementState.PAID: "jade",
}
LINE_KINDS: dict[LineKind, Promise | str] = {
    LineKind.SETTLEMENT: gettext_lazy("结算"),
    LineKind.REVERSAL: gettext_lazy("冲销"),
    LineKind.CORRECTION: gettext_lazy("更正"),
}
LINE_STATES: dict[LineState, Promise | str] = {
    LineState.OPEN: gettext_lazy("未答复"),
    LineState.AGREED: gettext_lazy("已同意"),
    LineState.DISPUTED: gettext_lazy("有异议"),
    LineState.STANDS: gettext_lazy("认定无误"),
    LineState.TO_CORRECT: gettext_lazy("认定待更正"),
}
DISPUTE_REASONS: dict[str, Promise | str] = {
    "other_amount": gettext_lazy("金额不符"),
    "not_ours": gettext_lazy("不是本机构的结算"),
    "not_credited": gettext_lazy("未为患者垫付"),
    "reversed": gettext_lazy("已冲销"),
    "other": gettext_lazy("其他（须说明）"),
}
_FAULTS: dict[str, Promise | str] = {
    "unknown_line": gettext_lazy("%(place)s 的序号“%(found)s”不在本结算单内。"),
    "line_unknown": gettext_lazy("本结算单没有第 %(place)s 笔。"),
    "line_twice": gettext_lazy("%(place)s 的序号“%(found)s”重复。"),
    "line_missing": gettext_lazy("缺少第 %(expected)s 笔（结算单号 %(found)s）。"),
    "answer_missing": gettext_lazy("%(place)s 填了异议原因或说明，却没有填写答复（%(expected)s）。"),
    "answer_unknown": gettext_lazy("%(place)s 的答复“%(found)s”无法识别，应为 %(expected)s。"),
    "answer_removed": gettext_lazy("%(place)s 的答复被删去；这一笔先前答复的是“%(expected)s”。"),
    "reason_without_dispute": gettext_lazy("%(place)s 同意的一笔填了异议原因（%(found)s）。"),
    "reason_missing": gettext_lazy("%(place)s 有异议的一笔没有填写原因。"),
    "reason_unknown": gettext_lazy("%(place)s 的异议原因“%(found)s”无法识别，应为：%(expected)s。"),
    "note_missing": gettext_lazy("%(place)s 异议原因为“其他”时须写明说明。"),
}
"""Those that are of this sheet alone, or that it says in other words than an agency's list."""


def line_stands(line: LineFacts) -> str:
    """How a line stands by now: paid, on its way, or what was answered and found."""
    if line.is_paid:
        return _("已付")
    return _("付款中") if line.is_in_payment else str(LINE_STATES[line.state])


def sheet_sentences(error: HuiminError) -> list[str]:
    """Everything that is wrong: of a sheet each fault, of anything else the error's own sentence."""
    faults = error.faults if isinstance(error, FileFaults) else ()
    return [_sentence(fault) for fault in faults] or [error_sentence(error)]


def _sentence(fault: FileFault) -> str:
    words = _FAULTS.get(fault.kind)
    if words is None:
        return file_fault_sentence(fault)
    return str(words) % {"place": fault.place, "found": fault.found or _("空"), "expected": fault.expected}
