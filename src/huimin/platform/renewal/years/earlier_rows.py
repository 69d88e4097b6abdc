"""An older insurer's list as rows: every fault of every row, named before anything is written."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from huimin.batch.files.text_tables import TEXT_FILES, open_text_table
from huimin.errors import InputError
from huimin.settlement.documents import parse_document
from huimin.settlement.layout import Layout

__all__ = ["COLUMNS", "EarlierFault", "EarlierRow", "checked_rows", "read_table"]

COLUMNS = {
    "name": ("姓名", "name"),
    "id_number": ("证件号码", "身份证号", "id_number"),
    "plan": ("产品", "承保公司和产品", "plan"),
    "first_day": ("保障起", "保障起期", "first_day"),
    "last_day": ("保障止", "保障止期", "last_day"),
    "claimed": ("是否理赔", "有无理赔", "claimed"),
}
"""What each column may be called. The first is what pages and faults say."""
_FIELDS = {name: field for field, names in COLUMNS.items() for name in names}
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?")
_CLAIMED = {"是": True, "有": True, "yes": True, "1": True, "否": False, "无": False, "no": False, "0": False}
_LONGEST_PLAN, _LONGEST_YEAR = 80, 400


@dataclass(frozen=True, slots=True, order=True)
class EarlierFault:
    """One thing wrong with a row; with the whole file where `row` is 0. `found` tells nothing of a person."""

    row: int
    field: str
    code: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """A row without a fault of its own."""

    row: int
    name: str
    id_number: str
    plan: str
    first_day: date
    last_day: date
    without_claim: bool


def read_table(file_name: str, data: bytes) -> tuple[list[tuple[int, dict[str, str]]], list[EarlierFault]]:
    """The rows as texts by field, or what is wrong with the file as a whole."""
    ending = Path(file_name).suffix.lower()
    if ending not in TEXT_FILES:
        return [], [EarlierFault(0, "", "other_ending", ending)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"years{ending}"
        path.write_bytes(data)
        try:
            table = open_text_table(path, Layout(required=(), ids=frozenset(_FIELDS)))
            fields = [_FIELDS[name] if name is not None else None for name in table.columns]
            records = list(table.records())
        except InputError as error:
            return [], [EarlierFault(0, "", "unreadable", error.message.replace(str(path), file_name)[:300])]
    counts = Counter(fields)
    faults = [EarlierFault(0, field, "column_missing") for field in COLUMNS if not counts[field]]
    faults += [EarlierFault(0, field, "column_twice") for field in COLUMNS if counts[field] > 1]
    rows = [
        (number, {field: cell.strip() for field, cell in zip(fields, cells, strict=True) if field is not None})
        for number, cells in records
    ]
    return ([], faults) if faults else (rows, [] if rows else [EarlierFault(0, "", "no_rows")])


def checked_rows(
    rows: Sequence[tuple[int, dict[str, str]]], today: date
) -> tuple[list[EarlierRow], list[EarlierFault]]:
    """The rows that are in order, and all faults of all rows."""
    good, faults = [], []
    seen: dict[tuple[str, date | None], int] = {}
    for number, cells in rows:
        found = [EarlierFault(number, *fault) for fault in _faults(cells, today)]
        same = (unicodedata.normalize("NFKC", cells["id_number"]), _day(cells["first_day"]))
        before = seen.setdefault(same, number)
        if before != number:
            found.append(EarlierFault(number, "first_day", "year_twice", str(before)))
        if found:
            faults += found
        else:
            good.append(_row(number, cells))
    return good, sorted(faults)


def _faults(cells: dict[str, str], today: date) -> Iterator[tuple[str, str, str]]:
    for field in COLUMNS:
        if not cells[field]:
            yield field, "missing", ""
    if cells["id_number"]:
        try:
            parse_document(cells["id_number"])
        except InputError:
            yield "id_number", "number_wrong", ""
    if len(cells["plan"]) > _LONGEST_PLAN:
        yield "plan", "plan_too_long", ""
    if cells["claimed"] and cells["claimed"].lower() not in _CLAIMED:
        yield "claimed", "claimed_unknown", cells["claimed"][:20]
    yield from _faults_of_days(cells, today)


def _faults_of_days(cells: dict[str, str], today: date) -> Iterator[tuple[str, str, str]]:
    first, last = _day(cells["first_day"]), _day(cells["last_day"])
    for field, day in (("first_day", first), ("last_day", last)):
        if cells[field] and day is None:
            yield field, "day_unreadable", cells[field][:20]
    if first is None or last is None:
        return
    if last < first:
        yield "last_day", "ends_before_it_begins", str(last)
    elif (last - first).days > _LONGEST_YEAR:
        yield "last_day", "longer_than_a_year", str(last)
    if first > today:
        yield "first_day", "not_yet", str(first)


def _row(number: int, cells: dict[str, str]) -> EarlierRow:
    first, last = _day(cells["first_day"]), _day(cells["last_day"])
    assert first is not None and last is not None  # noqa: S101 - checked before
    claimed = _CLAIMED[cells["claimed"].lower()]
    return EarlierRow(number, cells["name"], cells["id_number"], cells["plan"], first, last, not claimed)


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        return date(*map(int, found.groups())) if found is not None else None
    except ValueError:
        return None
