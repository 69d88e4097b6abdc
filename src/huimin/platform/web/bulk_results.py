"""The answer to a file of many people, as CSV or as an Excel file, written row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from huimin.platform.bulk.api import RowResult
from huimin.platform.web.bulk_words import outcome_in_words
from huimin.settlement.cells import csv_pieces, neutral

__all__ = ["result_csv", "result_workbook"]

_BOM = "\ufeff"


def result_csv(rows: Iterable[RowResult]) -> Iterator[str]:
    """Pieces of text; the mark before them tells Excel that it is UTF-8."""
    return csv_pieces(_table(rows), before=_BOM)


def result_workbook(rows: Iterable[RowResult]) -> bytes:
    """An Excel file; its rows go to the disk as they come."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(_("办理结果"))
    for cells in _table(rows):
        sheet.append([neutral(cell) for cell in cells])
    with TemporaryFile() as out:
        book.save(out)
        out.seek(0)
        return BytesIO(out.read()).getvalue()


def _table(rows: Iterable[RowResult]) -> Iterator[list[str]]:
    yield [_("行号"), _("编号"), _("保单号"), _("结果"), _("原因")]
    for row in rows:
        outcome, reason = outcome_in_words(row)
        yield [str(row.number), row.reference, row.policy, outcome, reason]
