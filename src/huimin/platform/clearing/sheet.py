"""The sheet on which a hospital answers its statement: its head, its columns and its words. Written here, read
elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from huimin.platform.clearing.models import DisputeReason, LineKind, LineState
from huimin.platform.clearing.statement_facts import LineFacts, StatementFacts
from huimin.platform.payments.api import AnswerSheet

__all__ = [
    "AGREE",
    "COLUMNS",
    "DISPUTE",
    "HEAD",
    "REASONS",
    "TOTAL",
    "head_of",
    "values_of",
    "write_statement",
]

TITLE, TOTAL, AGREE, DISPUTE = "一站式结算月度结算单", "合计", "同意", "有异议"
HEAD = ("医疗机构", "月份", "答复截止", "结算单指纹")
"""Rows 2 to 5: what the sheet is of."""
COLUMNS = {
    "number": "序号",
    "setl_id": "结算单号",
    "kind": "类型",
    "discharged_on": "出院日期",
    "settled_on": "结算日期",
    "cause": "更正或冲销单号",
    "earlier_month": "原列月份",
    "amount": "金额（元）",
    "answer": "答复",
    "reason": "异议原因",
    "note": "说明",
}
KINDS = {LineKind.SETTLEMENT: "结算", LineKind.REVERSAL: "冲销", LineKind.CORRECTION: "更正"}
REASONS = {
    DisputeReason.OTHER_AMOUNT: "金额不符",
    DisputeReason.NOT_OURS: "不是本机构的结算",
    DisputeReason.NOT_CREDITED: "未为患者垫付",
    DisputeReason.REVERSED: "已冲销",
    DisputeReason.OTHER: "其他（须说明）",
}
"""The words of the sheet. Hospitals read Chinese; the pages have the words of both languages."""
_WIDTHS = (6, 26, 8, 12, 12, 22, 10, 14, 10, 18, 30)


def head_of(found: StatementFacts) -> tuple[str, ...]:
    """The values beside HEAD."""
    return (found.party, f"{found.month:%Y-%m}", f"{found.answer_until}", found.digest)


def values_of(line: LineFacts) -> dict[str, str | int]:
    """What a line's cells say that nobody changes, but its amount."""
    return {
        "number": line.number,
        "setl_id": line.setl_id,
        "kind": KINDS[line.kind],
        "discharged_on": "" if line.discharged_on is None else str(line.discharged_on),
        "settled_on": str(line.settled_on),
        "cause": "" if line.kind is LineKind.SETTLEMENT else line.cause_number,
        "earlier_month": "" if line.earlier_month is None else f"{line.earlier_month:%Y-%m}",
    }


def write_statement(found: StatementFacts, lines: Sequence[LineFacts]) -> bytes:
    """The statement as an Excel file, to be answered in the three last columns."""
    sheet = AnswerSheet(TITLE, "结算单", COLUMNS, _WIDTHS)
    sheet.head(HEAD, head_of(found))
    for line in lines:
        sheet.line({**values_of(line), **_answered(line)}, line.amount)
    return sheet.finish(TOTAL, found.amount, {"answer": (AGREE, DISPUTE), "reason": tuple(REASONS.values())})


def _answered(line: LineFacts) -> dict[str, str]:
    """What was answered before; empty while a line is open."""
    if line.state is LineState.OPEN:
        return {}
    if line.state is LineState.AGREED:
        return {"answer": AGREE}
    return {"answer": DISPUTE, "reason": REASONS[DisputeReason(line.reason)], "note": line.note}
