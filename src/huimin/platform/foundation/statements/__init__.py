"""Rows of one table, read and written by SQL that is made once from the model.

The ORM builds the text of every query anew. On the two paths that must be fast, a hospital's settlement and a launch's
orders, that was most of a request's time (docs/performance.md); there, rows go in and out by these statements. Fields,
converters and row classes are the ORM's own, so that a row means the same whichever way it came.

What is asked for together is asked in one round to the database, and what is written in a block goes in one round at
the block's end: between two processes, rounds cost more than the rows they carry.
"""

from __future__ import annotations

from huimin.platform.foundation.statements.blocks import QueuedModelError, refuse_queued, together
from huimin.platform.foundation.statements.inserting import insert, queue, queue_values, rewrite
from huimin.platform.foundation.statements.questions import Question, any_of, ask, rows_where, sums_where, values_where
from huimin.platform.foundation.statements.where import Where

__all__ = [
    "Question",
    "QueuedModelError",
    "Where",
    "any_of",
    "ask",
    "insert",
    "queue",
    "queue_values",
    "refuse_queued",
    "rewrite",
    "rows_where",
    "sums_where",
    "together",
    "values_where",
]
