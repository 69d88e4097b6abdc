"""The sheet on which an agency answers a list: its head, its columns and its words. Written here, read elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from huimin.platform.payments.personal_account.agency import StrikeReason
from huimin.platform.payments.personal_account.models import LineState
from huimin.platform.payments.personal_account.reading import AccountListFacts, ListedLine
from huimin.platform.payments.sheet_writing import AnswerSheet

__all__ = [
    "APPROVE",
    "COLUMNS",
    "HEAD",
    "REASONS",
    "STRIKE_OUT",
    "TOTAL",
    "answer_of",
    "head_of",
    "write_list",
]

TITLE, TOTAL, APPROVE, STRIKE_OUT = "个人账户缴费月度清单", "合计", "同意", "剔除"
HEAD = ("统筹区", "月份", "版次", "清单指纹")
"""Rows 2 to 5: what the sheet is of."""
COLUMNS = {
    "number": "序号",
    "key": "缴费编号",
    "payer_name": "付款人姓名",
    "payer_psn_no": "付款人医保编号",
    "insured_name": "被保险人姓名",
    "insured_psn_no": "被保险人医保编号",
    "insured_area": "被保险人统筹区",
    "amount": "金额（元）",
    "answer": "审核结果",
    "reason": "剔除原因",
    "note": "说明",
}
REASONS = {
    StrikeReason.BALANCE_TOO_LOW: "余额不足",
    StrikeReason.ACCOUNT_FROZEN: "账户已冻结或注销",
    StrikeReason.NOT_A_RELATIVE: "不是可共济的亲属",
    StrikeReason.NOT_FILED: "未办理共济备案",
    StrikeReason.INSURED_ELSEWHERE: "被保险人参保地不符",
    StrikeReason.PAID_TWICE: "重复缴费",
    StrikeReason.PAYER_WITHDREW: "付款人撤回",
    StrikeReason.OTHER: "其他（须说明）",
}
"""The words of the sheet. Agencies read Chinese; the pages have the words of both languages."""
_WIDTHS = (6, 28, 12, 16, 12, 16, 14, 12, 10, 20, 30)


def head_of(found: AccountListFacts) -> tuple[str, ...]:
    """The values beside HEAD."""
    return (found.area, f"{found.month:%Y-%m}", str(found.version), found.digest)


def answer_of(state: str) -> str:
    """What a line's answer is by now; empty while it is not decided."""
    if state == LineState.LISTED:
        return ""
    return STRIKE_OUT if state == LineState.STRUCK_OUT else APPROVE


def write_list(found: AccountListFacts, lines: Sequence[ListedLine]) -> bytes:
    """The list as an Excel file, to be answered in the three last columns."""
    sheet = AnswerSheet(TITLE, "清单", COLUMNS, _WIDTHS)
    sheet.head(HEAD, head_of(found))
    for line in lines:
        _line(sheet, line)
    return sheet.finish(TOTAL, found.amount, {"answer": (APPROVE, STRIKE_OUT), "reason": tuple(REASONS.values())})


def _line(sheet: AnswerSheet, listed: ListedLine) -> None:
    line = listed.line
    reason = REASONS.get(StrikeReason(line.reason), "") if line.reason in set(StrikeReason) else ""
    values: dict[str, str | int] = {
        "number": listed.number,
        "key": line.key,
        "payer_name": listed.payer_name,
        "payer_psn_no": listed.payer_psn_no,
        "insured_name": listed.insured_name,
        "insured_psn_no": listed.insured_psn_no,
        "insured_area": line.insured_area,
        "answer": answer_of(line.state),
        "reason": reason,
    }
    sheet.line(values, line.amount)
