"""The sheet on which an agency answers a list: its head, its columns and its words. Written here, read elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from huimin.platform.payments.personal_account.agency import StrikeReason
from huimin.platform.payments.personal_account.models import LineState
from huimin.platform.payments.personal_account.reading import AccountListFacts, ListedLine

__all__ = [
    "APPROVE",
    "COLUMNS",
    "FIRST_ROW",
    "HEAD",
    "HEADER_ROW",
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
HEADER_ROW = 7
FIRST_ROW = HEADER_ROW + 1
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
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = "清单"
    _text(sheet, 1, 1, TITLE)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for row, (name, value) in enumerate(zip(HEAD, head_of(found), strict=True), start=2):
        _text(sheet, row, 1, name)
        _text(sheet, row, 2, value)
    for column, name in enumerate(COLUMNS.values(), start=1):
        _text(sheet, HEADER_ROW, column, name)
        sheet.cell(HEADER_ROW, column).font = Font(bold=True)
        sheet.cell(HEADER_ROW, column).fill = PatternFill("solid", fgColor="E8F1EE")
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[column - 1]
    for row, line in enumerate(lines, start=FIRST_ROW):
        _row(sheet, row, line)
    _total(sheet, FIRST_ROW + len(lines), found.amount)
    _choices(sheet, FIRST_ROW, FIRST_ROW + len(lines) - 1)
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 3)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _row(sheet: Worksheet, row: int, listed: ListedLine) -> None:
    line = listed.line
    reason = REASONS.get(StrikeReason(line.reason), "") if line.reason in set(StrikeReason) else ""
    values = {
        "number": listed.number,
        "key": line.key,
        "payer_name": listed.payer_name,
        "payer_psn_no": listed.payer_psn_no,
        "insured_name": listed.insured_name,
        "insured_psn_no": listed.insured_psn_no,
        "insured_area": line.insured_area,
        "amount": Decimal(line.amount) / 100,
        "answer": answer_of(line.state),
        "reason": reason,
        "note": "",
    }
    for column, value in enumerate(values.values(), start=1):
        if isinstance(value, str):
            _text(sheet, row, column, value)
        else:
            sheet.cell(row, column, value)
    _money(sheet, row)


def _total(sheet: Worksheet, row: int, amount: int) -> None:
    _text(sheet, row, 1, TOTAL)
    sheet.cell(row, _column("amount"), Decimal(amount) / 100)
    _money(sheet, row)


def _money(sheet: Worksheet, row: int) -> None:
    cell = sheet.cell(row, _column("amount"))
    cell.number_format, cell.alignment = "0.00", Alignment(horizontal="right")


def _choices(sheet: Worksheet, first: int, last: int) -> None:
    """Lists to choose from, so that answers are typed by nobody."""
    for name, words in (("answer", (APPROVE, STRIKE_OUT)), ("reason", tuple(REASONS.values()))):
        choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        letter = get_column_letter(_column(name))
        choice.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(choice)


def _column(name: str) -> int:
    return list(COLUMNS).index(name) + 1


def _text(sheet: Worksheet, row: int, column: int, value: str) -> None:
    """A text stays one, also where it begins with `=`: openpyxl would make a formula of it."""
    if value:
        sheet.cell(row, column, value).data_type = "s"
