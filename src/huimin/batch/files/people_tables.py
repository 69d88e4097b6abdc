"""Lists of people as clerks send them: CSV or Excel with the names of columns they use, read row by row.

A list of half a million people is never in memory as a whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from huimin.batch.files.text_tables import TEXT_FILES, TextTable, stream_text_table
from huimin.errors import InputError
from huimin.settlement.layout import Layout

__all__ = ["PeopleColumns", "RowFault", "as_faults", "fault_of_name", "fault_of_number", "plain_cell"]

_LONGEST_NAME, _ID_LENGTH, _OLD_LENGTH = 50, 18, 15
_SPREADSHEET = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+|#+|\d{15}000|\d+\.0")


@dataclass(frozen=True, slots=True, order=True)
class RowFault:
    """One thing wrong with a row; with the file itself where `row` is 0.

    `field`: a column by our name, or "". `found`: what stands there, where it tells nothing of a person.
    """

    row: int
    field: str
    code: str
    found: str = ""


@dataclass(frozen=True)
class PeopleColumns:
    """What each column of a list may be called. The first name is what pages and faults say."""

    names: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]

    @cached_property
    def _fields(self) -> Mapping[str, str]:
        return {name: field for field, names in self.names.items() for name in names}

    def open(self, path: Path, named: str) -> tuple[TextTable | None, list[RowFault]]:
        """The table, or what is wrong with the file as a whole. `named`: what its sender calls it."""
        if path.suffix.lower() not in TEXT_FILES:
            return None, [RowFault(0, "", "other_ending", path.suffix.lower())]
        try:
            table = stream_text_table(path, Layout(required=(), ids=frozenset(self._fields)))
        except InputError as error:
            return None, [self.unreadable(path, named, error)]
        faults = self._faults([self._fields[name] if name is not None else None for name in table.columns])
        return (None, faults) if faults else (table, [])

    def _faults(self, fields: Sequence[str | None]) -> list[RowFault]:
        counts = Counter(fields)
        missing = [RowFault(0, field, "column_missing") for field in self.required if not counts[field]]
        return missing + [RowFault(0, field, "column_twice") for field in self.names if counts[field] > 1]

    def rows(self, table: TextTable) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row with its number and its cells by our names; a column that is not there is empty.

        Raises InputError where the file turns out to be damaged.
        """
        fields = [self._fields[name] if name is not None else None for name in table.columns]
        for number, cells in table.records():
            given = {field: cell.strip() for field, cell in zip(fields, cells, strict=True) if field is not None}
            yield number, {field: given.get(field, "") for field in self.names}

    def unreadable(self, path: Path, named: str, error: InputError) -> RowFault:
        return RowFault(0, "", "unreadable", error.message.replace(str(path), named)[:300])


def plain_cell(text: str) -> str:
    """A cell without blanks, in one width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def fault_of_name(text: str) -> tuple[str, str] | None:
    """Code of what is wrong with a name, and what was found; None for a name."""
    name = unicodedata.normalize("NFKC", text).strip()
    if not name:
        return "missing", ""
    if len(name) > _LONGEST_NAME:
        return "name_too_long", str(len(name))
    if re.fullmatch(r"[\d\s\-+]+", name):
        return "name_is_number", ""
    if not all(one.isalpha() or one in "·•. -'’" or unicodedata.category(one)[0] == "M" for one in name):
        return "name_characters", ""
    return None


def fault_of_number(text: str, read: Callable[[str], object]) -> tuple[str, str] | None:
    """The same for the number of a paper, which `read` understands or refuses with an InputError."""
    number = plain_cell(text)
    if not number:
        return "missing", ""
    if _SPREADSHEET.fullmatch(number):
        return "number_spoilt", ""
    if re.fullmatch(r"1[3-9]\d{9}", number):
        return "number_is_telephone", ""
    if len(number) == _OLD_LENGTH and number.isdigit():
        return "number_old", ""
    try:
        read(number)
    except InputError:
        return ("number_wrong", "") if len(number) == _ID_LENGTH else ("number_length", str(len(number)))
    return None


def as_faults(row: int, found: Iterable[tuple[str, tuple[str, str] | None]]) -> Iterator[RowFault]:
    """Of checks by field, those that found something."""
    return (RowFault(row, field, *fault) for field, fault in found if fault is not None)
