"""The arithmetic of `adjudication.payment` on columns: whole members in order, and the terms of every case as arrays.

A test holds it against the evaluator on random plans. Compiled by Numba; no Python object is touched.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from huimin.batch.decide.kernel_any import decide_any
from huimin.batch.decide.kernel_plain import decide_plain
from huimin.batch.decide.kernel_terms import PLAIN, Array, Columns, Out, Terms

__all__ = ["decide_members"]


def decide_members(terms: Terms, member_start: Array, columns: Columns, first: int, out: Out, overflow: Array) -> None:
    """Decide the members whose rows begin at `member_start` in `columns.rows`; the last entry is where the rows end.

    Lines are written from place `first`. `overflow` marks, by position, members whose sums are too large. Plans whose
    benefits all have the commonest form have a loop of their own.
    """
    unsigned = columns._replace(**{name: getattr(columns, name).view(np.uint64) for name in ("case", "day", "month")})
    starts, place = member_start.view(np.uint64), np.uint64(first)
    run: Any
    if terms.entry_plain[:, PLAIN].all():
        run = decide_plain
        given = (terms.case_start, terms.entry_benefit, terms.entry_plain, terms.sizes)
        run(*given, starts, unsigned.rows, unsigned.case, columns.personal, columns.amounts, place, *out, overflow)
    else:
        run = decide_any
        run(*terms[:-1], starts, *unsigned, place, *out, overflow)  # all but the plain entries
