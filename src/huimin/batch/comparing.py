"""Two sets of decisions compared, whatever made them: who is paid more by one than by the other."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numba import njit

from huimin.batch.account import ChangeLine, change_lines, change_tally
from huimin.batch.facts import Members
from huimin.batch.keys import MemberIndex
from huimin.batch.names import Names
from huimin.batch.results import comparison_text
from huimin.batch.rows import PLAIN, Integers, Rows
from huimin.batch.sources import Source, open_members, open_source
from huimin.errors import InputError

__all__ = ["COMPARISON", "compare_decisions"]

COMPARISON = "comparison.csv"
_COLUMNS = ("psn_no", "benefit", "payable")
_RESULTS = ("decisions.parquet", "decisions.csv")
_EPOCH = date(1970, 1, 1)


def compare_decisions(
    before: Path, after: Path, members: Path, out: Path, first_day: date | None = None
) -> list[ChangeLine]:
    """Compare decisions, each the results of a job or their file, and write `comparison.csv` into the directory `out`.

    Ages are those on `first_day`, or on the earliest day on which a member's cover begins. Raises InputError:
    `unusable_file`, `unknown_members`, `unusable_out`.
    """
    people = Members(open_members(members).read())
    old, new = (_paid(_open(path), people, members) for path in (before, after))
    lines = change_lines(change_tally(first_day or _begun(people), old, new, people.rows))
    _write(out, comparison_text(lines))
    return lines


def _open(path: Path) -> Source:
    found = next((place for name in _RESULTS if (place := path.joinpath(name)).exists()), path)
    return open_source(found, _COLUMNS, _COLUMNS)


def _begun(members: Members) -> date:
    known = members.cover_from[members.cover_from >= 0]
    return _EPOCH + timedelta(days=int(known.min()) if len(known) else 0)


def _paid(decisions: Source, members: Members, named: Path) -> dict[str, Integers]:
    """Fen by benefit and member."""
    index, paid = MemberIndex(members.psn_no), dict[str, Integers]()
    for read in decisions.chunks():
        rows = read()
        numbers = Names(rows.column("psn_no"))
        places = index.places_of(numbers)
        if places.min(initial=0) < 0:
            at = int(np.argmax(places < 0))
            message = f"{decisions.path}, {rows.where(at)}: {named} has no psn_no {numbers.text(at)!r}"
            raise InputError(message, code="unknown_members")
        _check(decisions, rows)
        codes, benefits = rows.texts("benefit")
        fen, _ = rows.fen("payable")
        for code, benefit in enumerate(benefits):
            mine = paid.setdefault(benefit, np.zeros(len(members), np.int64))
            _add(mine, places, codes, code, fen)
    return paid


def _check(decisions: Source, rows: Rows) -> None:
    """Raises InputError where a payment or a benefit is none."""
    fen, states = rows.fen("payable")
    codes, benefits = rows.texts("benefit")
    faulty = (states != PLAIN) | (fen < 0) | np.array([benefit == "" for benefit in benefits], np.bool_)[codes]
    if faulty.any():
        at = int(np.argmax(faulty))
        cells = rows.text(at)
        message = (
            f"{decisions.path}, {rows.where(at)}: found benefit {cells['benefit']!r} and payable {cells['payable']!r}; "
            "expected a benefit and an amount that is not negative"
        )
        raise InputError(message, code="unusable_file")


@njit(cache=True, nogil=True)
def _add(paid: Integers, places: Integers, codes: Integers, code: int, fen: Integers) -> None:
    for row in range(len(places)):
        if codes[row] == code:
            paid[places[row]] += fen[row]


def _write(out: Path, text: str) -> None:
    """Whole, or not at all."""
    beside = out.joinpath(f"_{COMPARISON}")
    try:
        out.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, "utf-8", newline="")
        beside.replace(out.joinpath(COMPARISON))
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{out}: {reason}; expected a directory to write to", code="unusable_out") from error
