"""The look-back as an Excel workbook. Sums and ratios are formulas, so that a changed number shows its effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from huimin.actuarial.lookback.report_words import WORDS
from huimin.actuarial.lookback.review import Lookback
from huimin.actuarial.unpriced import reason_in_words
from huimin.errors import InputError
from huimin.settlement.cells import neutral

__all__ = ["write_workbook"]

_HEAD = Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", fgColor="00695C")
_MONEY, _PERCENT = "#,##0.00", "0.00%"
_FEN = 100


def write_workbook(
    found: Lookback, path: Path | BytesIO, language: str, names: Mapping[str, str], notice: Sequence[str] = ()
) -> None:
    """`names` of benefits in that language; `notice` stands in the first cell. Raises InputError (`unusable_out`)."""
    book = Workbook()
    book.remove(book.active)
    say = _Words(language, names)
    _comparisons(book.create_sheet(say("actual_expected")), found, say)
    if found.triangle is not None:
        _triangle(book.create_sheet(say("triangle")), found, say)
        _reserves(book.create_sheet(say("reserves")), found, say)
    if found.bridge is not None:
        _bridge(book.create_sheet(say("bridge")), found, say)
    _summary(book.create_sheet(say("summary"), 0), found, say, notice)
    try:
        book.save(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", code="unusable_out") from error


class _Formula(str):
    """A text that a spreadsheet is meant to compute; every other text is made harmless."""

    __slots__ = ()


def _put(sheet: Worksheet, row: int, column: int, value: Any) -> Any:
    """Write one cell, and give it back."""
    if isinstance(value, _Formula):
        return sheet.cell(row, column, str(value))
    return sheet.cell(row, column, neutral(value) if isinstance(value, str) else value)


class _Words:
    def __init__(self, language: str, names: Mapping[str, str]) -> None:
        self.names, self.language = names, language
        self._place = 1 if language == "en" else 0

    def __call__(self, key: str) -> str:
        return WORDS[key][self._place] if key in WORDS else key


def _summary(sheet: Worksheet, found: Lookback, say: _Words, notice: Sequence[str]) -> None:
    """Each row: what, a number or a formula over the rows above, and how it is written."""
    settled, settled_fen = ("decided", found.decided) if found.paid is None else ("paid", found.paid)
    rows: list[tuple[str, Any, str]] = [
        ("valued_on", found.valuation.day, "yyyy-mm-dd"),
        ("members", found.members, "#,##0"),
        ("cover_years", found.cover_years, "#,##0.0"),
        ("premium", _Formula("=ROUND(B6/B3,2)"), _MONEY),
        ("written", found.written / _FEN, _MONEY),
        ("earned", found.earned / _FEN, _MONEY),
        ("unearned", _Formula("=B6-B7"), _MONEY),
        (settled, _of_reserves(found, say, "B", settled_fen / _FEN), _MONEY),
        ("outstanding", _of_reserves(found, say, "E", found.too_thin), _MONEY),
        ("payout_ratio", say("no_reserve") if found.too_thin else _Formula("=(B9+B10)/B7"), _PERCENT),
        (f"{settled}_ratio", _Formula("=B9/B6"), _PERCENT),
        ("future_claims", found.future_claims / _FEN, _MONEY),
        ("expenses", found.valuation.expenses, _PERCENT),
        ("deficiency", _Formula("=MAX(0,B13+ROUND(B8*B14,2)-B8)"), _MONEY),
    ]
    if found.paid is not None:
        rows += [("decided", found.decided / _FEN, _MONEY), ("decided_ratio", _Formula("=B16/B6"), _PERCENT)]
    _head(sheet, ["\n".join([*notice, f"{say('title')} · {found.plan}"]), ""], (62, 22))
    for row, (key, value, form) in enumerate(rows, 2):
        _put(sheet, row, 1, say(key))
        _put(sheet, row, 2, value).number_format = form
    for row, one in enumerate(found.left_out, len(rows) + len(found.digests) + 4):
        _put(sheet, row, 1, f"{say('left_out')}: {say.names.get(one.benefit, one.benefit)}")
        _put(sheet, row, 2, reason_in_words(one, say.language))
    for row, (name, digest) in enumerate(found.digests, len(rows) + 3):
        _put(sheet, row, 1, f"{say('sources')}: {name}")
        _put(sheet, row, 2, digest)


def _of_reserves(found: Lookback, say: _Words, column: str, otherwise: Any) -> Any:
    """The total of a column of the reserves' sheet, where there is one."""
    if found.triangle is None:
        return otherwise
    return _Formula(f"='{say('reserves')}'!{column}{found.triangle.size + 2}")


def _comparisons(sheet: Worksheet, found: Lookback, say: _Words) -> None:
    names = [say(key) for key in ("by", "value", "cover_years", "actual", "expected", "ratio", "error")]
    _head(sheet, names, (14, 26, 16, 20, 20, 14, 18))
    for row, one in enumerate(found.comparisons, 2):
        cells = [
            say(one.by),
            say.names.get(one.value, one.value) if one.by == "benefit" else one.value,
            one.members,
            one.actual,
            one.expected,
            _Formula(f'=IF(E{row}=0,"–",D{row}/E{row})'),
            one.error,
        ]
        for column, value in enumerate(cells, 1):
            _put(sheet, row, column, value).number_format = _PERCENT if column == _RATIO else _MONEY


_RATIO = 6


def _triangle(sheet: Worksheet, found: Lookback, say: _Words) -> None:
    """Cumulative; below it the factors as formulas over the triangle."""
    triangle = found.triangle
    assert triangle is not None, "asked for before"  # noqa: S101
    size = triangle.size
    _head(sheet, [say("month"), *(str(age) for age in range(size))], (16, *([16] * size)))
    for row, name in enumerate(triangle.periods, 2):
        _put(sheet, row, 1, name)
        for age in range(size + 2 - row):
            _put(sheet, row, age + 2, float(triangle.paid[row - 2, age])).number_format = _MONEY
    _put(sheet, size + 3, 1, say("chain ladder"))
    for age in range(size - 1):
        here, after = get_column_letter(age + 2), get_column_letter(age + 3)
        last = size - age
        cell = _put(sheet, size + 3, age + 2, _Formula(f"=SUM({after}2:{after}{last})/SUM({here}2:{here}{last})"))
        cell.number_format = "0.0000"


def _reserves(sheet: Worksheet, found: Lookback, say: _Words) -> None:
    triangle, ladder = found.triangle, found.ladder
    assert triangle is not None and ladder is not None, "asked for before"  # noqa: S101
    used, chain, plain = found.reserves
    heads = [say("month"), say("latest"), say(chain.method), say("mack_error"), say(used.method), say(plain.method)]
    _head(sheet, heads, (16, 20, 20, 24, 26, 20))
    for row, name in enumerate(triangle.periods, 2):
        at = row - 2
        paid = round(float(triangle.latest[at]), 2)
        cells = [
            name,
            paid,
            chain.outstanding[at],
            ladder.errors[at],
            round(float(used.ultimate[at]), 2) - paid,
            plain.outstanding[at],
        ]
        for column, value in enumerate(cells, 1):
            _put(sheet, row, column, value if column == 1 else round(float(value), 2)).number_format = _MONEY
    last = triangle.size + 1
    _put(sheet, last + 1, 1, say("total"))
    for column in range(2, 7):
        letter = get_column_letter(column)
        value = float(ladder.total_error) if column == _MACK else _Formula(f"=SUM({letter}2:{letter}{last})")
        _put(sheet, last + 1, column, value).number_format = _MONEY


_MACK = 4


def _bridge(sheet: Worksheet, found: Lookback, say: _Words) -> None:
    steps = found.bridge
    assert steps is not None, "asked for before"  # noqa: S101
    _head(sheet, [say("bridge"), say("yuan")], (36, 22))
    rows: list[tuple[str, Any]] = [("opening", steps.opening / _FEN)]
    rows += [(step.name, step.change / _FEN) for step in steps.steps]
    rows.append(("closing", _Formula(f"=SUM(B2:B{len(rows) + 1})")))
    for row, (key, value) in enumerate(rows, 2):
        _put(sheet, row, 1, say(key))
        _put(sheet, row, 2, value).number_format = _MONEY


def _head(sheet: Worksheet, names: list[str], widths: tuple[int, ...]) -> None:
    for column, (name, width) in enumerate(zip(names, widths, strict=True), 1):
        cell = _put(sheet, 1, column, name)
        cell.font, cell.fill, cell.alignment = _HEAD, _FILL, Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"
