"""Compares two sets of decisions, whatever made them: who is paid more by one than by the other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from huimin.adjudication import NOT_COVERED
from huimin.batch.decide.result_rows import UNDECIDED_COLUMNS
from huimin.batch.files.job_directory import JobDirectory, unusable_out
from huimin.batch.files.sources import Source, open_members, open_source
from huimin.batch.reports.account import ChangeLine, Paid, change_lines, change_tally
from huimin.batch.reports.tables import COMPARISON, comparison_text
from huimin.batch.table.fact_columns import Members
from huimin.batch.table.identifiers import Names
from huimin.batch.table.keys import MemberIndex
from huimin.batch.table.rows import PLAIN, Integers
from huimin.errors import InputError
from huimin.settlement.layout import Layout

__all__ = ["compare_decisions"]

_DECISIONS = Layout(
    required=("psn_no", "benefit", "payable"),
    ids=frozenset({"psn_no"}),
    codes=frozenset({"benefit"}),
    amounts=frozenset({"payable"}),
)
_LACKING = Layout(
    required=UNDECIDED_COLUMNS,
    ids=frozenset({"setl_id", "psn_no"}),
    codes=frozenset({"benefit", "term", "reason"}),
)
_UNDECIDED = "undecided.csv"
_RESULTS = ("decisions.parquet", "decisions.csv")


def compare_decisions(
    before: Path, after: Path, members: Path, out: Path, first_day: date | None = None
) -> list[ChangeLine]:
    """Compare decisions, each the results of a job or their file, and write `comparison.csv` into the directory `out`.

    Ages are those on `first_day`, or on the earliest day on which a member's cover begins. Raises InputError:
    `unusable_file`, `unknown_members`, `unusable_out`.
    """
    people = Members(open_members(members).read())
    old, new = (
        Paid(_paid(_open(path), people, members), *_undecided(path, people, members)) for path in (before, after)
    )
    lines = change_lines(change_tally(first_day or people.first_day, old, new, people.rows))
    _write(out, comparison_text(lines))
    return lines


def _open(path: Path) -> Source:
    found = next((place for name in _RESULTS if (place := path.joinpath(name)).exists()), path)
    return open_source(found, _DECISIONS)


def _paid(decisions: Source, members: Members, named: Path) -> dict[str, Integers]:
    """Fen by benefit and member. Raises InputError where a member is unknown, or a benefit or payment cannot be
    used.
    """
    index, paid = MemberIndex(members.psn_no), dict[str, Integers]()
    for read in decisions.chunks():
        rows = read()
        numbers = Names(rows.column("psn_no"))
        places = index.places_of(numbers)
        if places.min(initial=0) < 0:
            at = int(np.argmax(places < 0))
            message = f"{decisions.path}, {rows.where(at)}: {named} has no psn_no {numbers.text(at)!r}"
            raise InputError(message, code="unknown_members")
        codes, benefits = rows.texts("benefit")
        fen, states = rows.fen("payable")
        faulty = (states != PLAIN) | (fen < 0) | np.array([benefit == "" for benefit in benefits], np.bool_)[codes]
        if faulty.any():
            at = int(np.argmax(faulty))
            cells = rows.text(at)
            found = f"found benefit {cells['benefit']!r} and payable {cells['payable']!r}"
            expected = "expected a benefit and an amount that is not negative"
            message = f"{decisions.path}, {rows.where(at)}: {found}; {expected}"
            raise InputError(message, code="unusable_file")
        for code, benefit in enumerate(benefits):
            if benefit == NOT_COVERED:
                continue
            mine = paid.setdefault(benefit, np.zeros(len(members), np.int64))
            np.add.at(mine, places[codes == code], fen[codes == code])
    return paid


def _undecided(results: Path, members: Members, named: Path) -> tuple[dict[str, Integers], Integers]:
    """Undecided bills by benefit and member, and by member; none if there is no undecided.csv beside the decisions."""
    found, anyhow = dict[str, Integers](), np.zeros(len(members), np.int64)
    path = results.joinpath(_UNDECIDED) if results.is_dir() else results.with_name(_UNDECIDED)
    if not path.is_file():
        return found, anyhow
    index, source = MemberIndex(members.psn_no), open_source(path, _LACKING)
    bills = set[tuple[str, int]]()
    for read in source.chunks():
        rows = read()
        places = index.places_of(Names(rows.column("psn_no")))
        if places.min(initial=0) < 0:
            at = int(np.argmax(places < 0))
            message = f"{path}, {rows.where(at)}: {named} has no psn_no {rows.text(at)['psn_no']!r}"
            raise InputError(message, code="unknown_members")
        codes, benefits = rows.texts("benefit")
        for code, benefit in enumerate(benefits):
            np.add.at(found.setdefault(benefit, np.zeros(len(members), np.int64)), places[codes == code], 1)
        ids, names = rows.texts("setl_id")
        bills |= {(names[code], place) for code, place in zip(ids.tolist(), places.tolist(), strict=True)}
    np.add.at(anyhow, np.array([place for _, place in bills], np.int64), 1)
    return found, anyhow


def _write(out: Path, text: str) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        JobDirectory(out, out).put_text(COMPARISON, text)
    except OSError as error:
        raise unusable_out(out, error) from error
