"""When each bill was paid, from a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huimin.actuarial.history import History
from huimin.batch.files.sources import open_source
from huimin.batch.table.identifiers import Names
from huimin.batch.table.rows import MISSING, PLAIN, Integers
from huimin.errors import InputError
from huimin.settlement.layout import Layout
from huimin.settlement.reading import parse_time

__all__ = ["NOT_YET", "read_payments"]

NOT_YET = 10**6
"""The day for bills that are not paid yet: so late that no valuation includes it."""
_PAYMENTS = Layout(required=("setl_id", "paid_on"), ids=frozenset({"setl_id"}), days=frozenset({"paid_on"}))
_DAY = 86_400


def read_payments(path: Path, history: History) -> Integers:
    """By bill of the history, the day of payment in days since 1970. Bills that the file does not name are not paid.

    Raises InputError (`unusable_file`, `bad_day`, `paid_twice`).
    """
    rows = open_source(path, _PAYMENTS).read()
    seconds, states = rows.moments("paid_on", parse_time)
    if (states > MISSING).any():
        at = int(np.argmax(states > MISSING))
        said = rows.text(at)["paid_on"]
        raise InputError(f"{path}: {rows.where(at)}: found {said!r} in paid_on; expected YYYY-MM-DD", code="bad_day")
    ids = Names(rows.column("setl_id"))
    if ids.repeated.any():
        at = int(np.argmax(ids.repeated))
        message = f"{path}: {rows.where(at)}: found settlement {ids.text(at)} twice; expected one day of payment"
        raise InputError(message, code="paid_twice")
    place = pc.index_in(history.bills.ids.as_text(), value_set=ids.as_text())
    found = pc.fill_null(place, pa.scalar(-1, pa.int32())).to_numpy(zero_copy_only=False)
    day = np.where(states == PLAIN, seconds // _DAY, NOT_YET)
    return np.asarray(np.append(day, NOT_YET)[found], np.int64)
