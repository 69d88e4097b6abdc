"""How much of a job fits into memory at once."""

from __future__ import annotations

import re

from huimin.batch.files.parquet_files import CHUNK
from huimin.batch.files.sources import Source
from huimin.batch.job.parts import Task
from huimin.batch.table.fact_columns import Members
from huimin.errors import InputError

__all__ = ["MOST_ROWS", "parse_memory", "rows_that_fit"]

_UNITS = {"MB": 10**6, "GB": 10**9}
_DEFAULT_MEMORY = 2 * 10**9
_LIBRARIES = 350 * 10**6
"""Bytes that the process takes before it has read anything."""
MOST_ROWS, _FEWEST_ROWS = 1 << 19, 1 << 14
"""Rows of a part. With fewer, most of the time goes into starting and ending parts. More only take more memory
(measured).
"""
_CELL = 8
_TIMES_READ, _TIMES_DECIDED = 3, 9
"""How many copies of a chunk's columns, and of a part's, are in memory at the worst moment: measured, and rounded
up.
"""
_LINE = 150
"""Bytes of one benefit's decision while it is made and written."""
_MEMBER_ARRAYS = 60
"""Bytes of a member beside the columns of the file."""
_IDS = 3
"""Bytes for each bill while repeated ids are looked for."""


def parse_memory(text: str) -> int:
    """Bytes from a text such as `800MB` or `4GB`. Raises InputError (`bad_memory`)."""
    number, unit = text[:-2], text[-2:].upper()
    if not re.fullmatch(r"0*[1-9][0-9]{0,8}", number) or unit not in _UNITS:
        raise InputError(f"found {text!r}; expected an amount of memory such as 800MB or 4GB", code="bad_memory")
    return int(number) * _UNITS[unit]


def rows_that_fit(memory: int | None, task: Task, members: Members, bills: Source, threads: int) -> int:
    """Rows of one part. Raises InputError (`too_little_memory`) where too few would fit to be of use."""
    row = len(bills.schema.names) * _CELL
    # While chunks are read nothing is decided, so that the larger of the two counts.
    standing: int = _LIBRARIES + 2 * members.rows.table.nbytes + _MEMBER_ARRAYS * len(members)
    standing += _IDS * bills.count
    reading = threads * min(CHUNK, bills.count) * row * _TIMES_READ
    decided = row * _TIMES_DECIDED + _LINE * len(task.program.benefits)
    needed = standing + max(reading, threads * _FEWEST_ROWS * decided)
    memory = memory or max(_DEFAULT_MEMORY, needed)
    if needed > memory:
        found, expected = (f"{-(-size // 10**6)} MB" for size in (memory, needed))
        message = f"found {found} of memory for {len(members)} members; expected {expected} or more"
        raise InputError(message, code="too_little_memory")
    return max(_FEWEST_ROWS, min(MOST_ROWS, (memory - standing) // threads // decided))
