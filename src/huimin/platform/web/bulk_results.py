"""The answer to a file of many people, as CSV or as an Excel file, written row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from tempfile import TemporaryFile
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from huimin.platform.bulk.api import RowResult
from huimin.platform.web.bulk_words import outcome_in_words
from huimin.settlement.cells import neutral

__all__ = ["result_csv", "result_workbook"]

_BOM, _ROWS_A_PIECE = "﻿", 500


def result_csv(rows: Iterable[RowResult]) -> Iterator[str]:
    """Pieces of text, each of some hundred rows, so that half a million are never in memory."""
    piece = StringIO()
    piece.write(_BOM)
    writer = csv.writer(piece)
    for place, cells in enumerate(_table(rows), 1):
        writer.writerow(cells)
        if place % _ROWS_A_PIECE == 0:
            yield piece.getvalue()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue()


def result_workbook(rows: Iterable[RowResult]) -> bytes:
    """An Excel file; its rows go to the disk as they come."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(_("办理结果"))
    for cells in _table(rows):
        sheet.append(cells)
    with TemporaryFile() as out:
        book.save(out)
        out.seek(0)
        return BytesIO(out.read()).getvalue()


def _table(rows: Iterable[RowResult]) -> Iterator[list[str]]:
    yield [_("行号"), _("编号"), _("保单号"), _("结果"), _("原因")]
    for row in rows:
        outcome, reason = outcome_in_words(row)
        yield [str(row.number), neutral(row.reference), row.policy, outcome, neutral(reason)]
