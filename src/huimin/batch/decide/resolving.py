"""Which rows count: repeats, conflicts and reversals, found by the function that resolves a member's rows."""

from __future__ import annotations

import numpy as np

from huimin.batch.decide.rows_in_use import Work
from huimin.batch.decide.standing import resolve_places
from huimin.batch.table.fact_columns import missing_ids
from huimin.batch.table.identifiers import Names
from huimin.batch.table.keys import keys_of, repeated_keys
from huimin.batch.table.rows import Flags, Integers

__all__ = ["resolve_rows"]


def resolve_rows(work: Work, *, repeated: bool = True) -> None:
    """Take rows that do not count out of use. `repeated` says whether some id may occur twice.

    Plain reversals are found by column. All other unusual rows become objects and are resolved by the evaluator's
    function.
    """
    bills = work.bills
    work.refused.add(missing_ids(bills.rows, bills.ids, bills.unusable))
    work.use &= ~bills.unusable
    twice = _repeated(bills.ids) if repeated else np.zeros(len(bills), np.bool_)
    reverses = Names(bills.rows.column("reverses"))
    entangled = twice.copy()
    if len(reverses) and not reverses.empty.all():
        reversing = np.flatnonzero(~reverses.empty)
        target = reverses.take(reversing).places_in(bills.ids)
        entangled[reversing] = True
        entangled |= bills.ids.among(reverses, ~reverses.empty)
        pairs = _plain_pairs(work, twice | bills.unusable, reverses.empty, reversing, target)
        work.use[pairs] = False
        entangled[pairs] = False
        work.cancelled += len(pairs)
    _resolve_as_objects(work, entangled & ~bills.unusable)


def _repeated(ids: Names) -> Flags:
    """Rows whose id another row has too. Rarely also a row whose id only shares its key with another."""
    keys = keys_of(ids)
    found = repeated_keys(lambda: [keys], len(keys))
    repeated: Flags = np.isin(keys, found) if len(found) else np.zeros(len(keys), np.bool_)
    return repeated


def _plain_pairs(work: Work, excepted: Flags, empty: Flags, reversing: Integers, target: Integers) -> Integers:
    """Rows of bills that exactly one row of the same member reverses and no other row concerns, and those reversing
    rows.
    """
    known = target >= 0
    reversing, target = reversing[known], target[known]
    times = np.bincount(target, minlength=len(empty))
    plain = (times[target] == 1) & (times[reversing] == 0) & empty[target]
    plain &= ~excepted[target] & ~excepted[reversing]
    plain &= (work.member_of[target] == work.member_of[reversing]) & (work.member_of[target] >= 0)
    return np.concatenate((reversing[plain], target[plain]))


def _resolve_as_objects(work: Work, entangled: Flags) -> None:
    rows = np.flatnonzero(entangled)
    resolution, standing = resolve_places(zip(rows.tolist(), work.bills.read(rows), strict=True))
    work.use[rows] = False
    work.use[standing] = True
    work.cancelled += len(resolution.cancelled)
    work.refused.add(resolution.refused)
