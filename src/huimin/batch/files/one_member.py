"""Reads one bill from two files, with everything its member's year depends on, for `huimin explain`.

The files are those that the job reads, by the same reader; only the rows that matter become objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huimin.batch.files.sources import open_members, open_settlements
from huimin.batch.table.fact_columns import unusable_ids
from huimin.batch.table.identifiers import Names
from huimin.batch.table.rows import Flags, Rows
from huimin.settlement import Settlement
from huimin.settlement.reading import MemberFile, members_from_rows, settlement_from_row

__all__ = ["bills_around", "members_named"]


def bills_around(path: Path, setl_id: str) -> list[Settlement]:
    """All bills of the person whose bill it is, and bills of others that have or reverse one of their ids.

    Raises InputError (`unusable_file`).
    """
    rows = open_settlements(path).read()
    ids, numbers, reverses = (Names(rows.column(name)) for name in ("setl_id", "psn_no", "reverses"))
    usable = ~unusable_ids(ids)
    theirs = _among(numbers, numbers.as_text().filter(pa.array(usable & _among(ids, [setl_id]))))
    if len(reverses):
        named = pa.concat_arrays([names.as_text().filter(pa.array(theirs)) for names in (ids, reverses)])
        theirs |= _among(ids, named) | (_among(reverses, named) & ~reverses.empty)
    else:
        theirs |= _among(ids, ids.as_text().filter(pa.array(theirs)))
    return [settlement_from_row(row) for row in rows.as_text(np.flatnonzero(theirs & usable))]


def members_named(path: Path, psn_no: str) -> MemberFile:
    """The rows of the members file with one number. Raises InputError (`unusable_file`)."""
    rows = open_members(path).read()
    return members_from_rows(_rows_of(rows, psn_no))


def _rows_of(rows: Rows, psn_no: str) -> Iterable[dict[str, str]]:
    return rows.as_text(np.flatnonzero(_among(Names(rows.column("psn_no")), [psn_no])))


def _among(names: Names, texts: pa.Array | list[str]) -> Flags:
    """The rows whose name is one of these texts."""
    found: Flags = pc.is_in(names.as_text(), value_set=pa.array(texts, pa.string())).to_numpy(zero_copy_only=False)
    return found
