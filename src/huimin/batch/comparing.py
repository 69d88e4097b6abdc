"""Two sets of decisions compared, whatever made them: who is paid more by one than by the other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from huimin.batch.account import ChangeLine, change_lines, change_tally
from huimin.batch.facts import Members
from huimin.batch.keys import MemberIndex
from huimin.batch.names import Names
from huimin.batch.results import COMPARISON, comparison_text
from huimin.batch.rows import PLAIN, Integers
from huimin.batch.sources import Source, open_members, open_source
from huimin.batch.workroom import Workroom, unusable_out
from huimin.errors import InputError
from huimin.settlement.layout import Layout

__all__ = ["compare_decisions"]

_DECISIONS = Layout(
    required=("psn_no", "benefit", "payable"),
    ids=frozenset({"psn_no"}),
    codes=frozenset({"benefit"}),
    amounts=frozenset({"payable"}),
)
_RESULTS = ("decisions.parquet", "decisions.csv")


def compare_decisions(
    before: Path, after: Path, members: Path, out: Path, first_day: date | None = None
) -> list[ChangeLine]:
    """Compare decisions, each the results of a job or their file, and write `comparison.csv` into the directory `out`.

    Ages are those on `first_day`, or on the earliest day on which a member's cover begins. Raises InputError:
    `unusable_file`, `unknown_members`, `unusable_out`.
    """
    people = Members(open_members(members).read())
    old, new = (_paid(_open(path), people, members) for path in (before, after))
    lines = change_lines(change_tally(first_day or people.first_day, old, new, people.rows))
    _write(out, comparison_text(lines))
    return lines


def _open(path: Path) -> Source:
    found = next((place for name in _RESULTS if (place := path.joinpath(name)).exists()), path)
    return open_source(found, _DECISIONS)


def _paid(decisions: Source, members: Members, named: Path) -> dict[str, Integers]:
    """Fen by benefit and member. Raises InputError where a member, a benefit or a payment is none."""
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
            mine = paid.setdefault(benefit, np.zeros(len(members), np.int64))
            np.add.at(mine, places[codes == code], fen[codes == code])
    return paid


def _write(out: Path, text: str) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        Workroom(out, out).put_text(COMPARISON, text)
    except OSError as error:
        raise unusable_out(out, error) from error
