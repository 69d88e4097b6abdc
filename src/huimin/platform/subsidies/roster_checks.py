"""What is wrong with the rows of a roster: every fault of every row, before anybody is taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from huimin.batch.files.people_tables import as_faults, fault_of_name, fault_of_number
from huimin.errors import InputError
from huimin.platform.subsidies.reasons import Reason, reason_of
from huimin.platform.subsidies.roster_files import Row, RowFault
from huimin.settlement.identity_number import IdentityNumber, parse_identity_number

__all__ = ["Listed", "check_rows"]

_LONGEST_VALIDITY_YEARS = 5
_ADULT, _ELDERLY = 18, 60
_DAY = re.compile(
    r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?|(\d{4})(\d{2})(\d{2})"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row without a fault of its own. Whether the register has the person is asked next."""

    row: int
    name: str
    number: IdentityNumber
    reason: Reason
    valid_from: date
    valid_to: date


def check_rows(
    rows: Sequence[Row], today: date, paid_for: Collection[str] | None = None
) -> tuple[list[Listed], list[RowFault]]:
    """The rows that are in order, and all faults of all rows.

    `paid_for`: the reasons for which the roster's funds pay; None where they pay for every one.
    """
    listed, faults = [], []
    first_row: dict[str, int] = {}
    for row in rows:
        found = [*_faults_of_person(row), *_faults_of_reason(row, paid_for)]
        found += _faults_of_days(row, today)
        number = _number(row)
        if number is not None:
            found += _faults_of_age(row, number, today)
            before = first_row.setdefault(number.number, row.number)
            if before != row.number:
                found.append(RowFault(row.number, "id_number", "person_twice", str(before)))
        if found:
            faults += found
        else:
            listed.append(_listed(row))
    return listed, sorted(faults)


def _listed(row: Row) -> Listed:
    reason, first, last = reason_of(row.reason), _day(row.valid_from), _day(row.valid_to)
    number = _number(row)
    assert reason and number and first and last  # noqa: S101 - checked before
    return Listed(row.number, row.name, number, reason, first, last)


def _faults_of_person(row: Row) -> Iterator[RowFault]:
    number = fault_of_number(row.id_number, parse_identity_number)
    return as_faults(row.number, [("name", fault_of_name(row.name)), ("id_number", number)])


def _number(row: Row) -> IdentityNumber | None:
    try:
        return parse_identity_number(unicodedata.normalize("NFKC", row.id_number))
    except InputError:
        return None


def _faults_of_reason(row: Row, paid_for: Collection[str] | None) -> Iterator[RowFault]:
    reason = reason_of(row.reason)
    if not row.reason:
        yield RowFault(row.number, "reason", "missing")
    elif reason is None:
        yield RowFault(row.number, "reason", "reason_unknown", row.reason[:20])
    elif paid_for is not None and reason not in paid_for:
        yield RowFault(row.number, "reason", "reason_not_paid", row.reason[:20])


def _faults_of_days(row: Row, today: date) -> Iterator[RowFault]:
    first, last = _day(row.valid_from), _day(row.valid_to)
    for field, text, day in (("valid_from", row.valid_from, first), ("valid_to", row.valid_to, last)):
        if not text:
            yield RowFault(row.number, field, "missing")
        elif day is None:
            yield RowFault(row.number, field, "day_unreadable", text[:20])
    if first is None or last is None:
        return
    if last < first:
        yield RowFault(row.number, "valid_to", "ends_before_it_begins", str(last))
    elif last < today:
        yield RowFault(row.number, "valid_to", "over_already", str(last))
    elif last.year - first.year > _LONGEST_VALIDITY_YEARS:
        yield RowFault(row.number, "valid_to", "too_long_valid", str(last))


def _faults_of_age(row: Row, number: IdentityNumber, today: date) -> Iterator[RowFault]:
    """A group that goes by age has nobody of another age: mistyped, or put into the wrong group."""
    age = (
        today.year
        - number.birth_date.year
        - ((today.month, today.day) < (number.birth_date.month, number.birth_date.day))
    )
    reason = reason_of(row.reason)
    if number.birth_date > today:
        yield RowFault(row.number, "id_number", "not_born")
    elif reason in (Reason.ORPHAN, Reason.ORPHAN_IN_CARE) and age >= _ADULT:
        yield RowFault(row.number, "reason", "orphan_of_age", str(age))
    elif reason is Reason.ELDERLY and age < _ELDERLY:
        yield RowFault(row.number, "reason", "elderly_too_young", str(age))


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    year, month, day = (part for part in found.groups() if part is not None)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
