"""A fund's statement as an Excel file, in the page's language."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from huimin.platform.foundation.models import City
from huimin.platform.subsidies.api import FundStatement
from huimin.platform.web.days import page_language
from huimin.platform.web.fund_words import groups_of
from huimin.settlement.cells import neutral

__all__ = ["fund_workbook"]

_MONEY, _FEN, _WIDTH = "#,##0.00", 100, 24


def fund_workbook(city: City, found: FundStatement) -> bytes:
    """Amounts are numbers in yuan with two decimals."""
    book = Workbook()
    book.remove(book.active)
    few = _("少于 10 人") if found.few else found.people
    _sheet(
        book,
        _("汇总"),
        [_("项目"), _("金额（元）"), _("人数")],
        [
            [found.fund.name(page_language()), None, None],
            [_("已到账"), found.came_in, None],
            [_("已用于保费"), found.drawn, few],
            [_("已预留，待付款"), found.reserved, None],
            [_("余额"), found.left, None],
            [_("曾使用后退回"), found.returned, None],
            [_("截至"), None, str(found.day)],
        ],
    )
    rows = [[str(one.day), one.amount, one.transfer] for one in found.contributions]
    _sheet(book, _("到账记录"), [_("到账日期"), _("金额（元）"), _("转账流水号")], rows)
    for group in groups_of(city, found):
        cells = [[name, cell.fen, cell.people] for name, cell in group.rows]
        _sheet(book, group.title, [group.column, _("金额（元）"), _("人数")], cells)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet(book: Workbook, title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The second column holds fen, which are written as yuan: a spreadsheet's number holds them exactly to 2^53 fen."""
    sheet = book.create_sheet(title[:31])
    sheet.append([neutral(head) for head in heads])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        name, fen, more = row
        sheet.append([neutral(name), None, neutral(more) if isinstance(more, str) else more])
        if fen is not None:
            cell = sheet.cell(sheet.max_row, 2, fen / _FEN)
            cell.number_format = _MONEY
    for number in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
