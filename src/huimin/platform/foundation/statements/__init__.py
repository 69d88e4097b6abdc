"""Reads and writes rows of one table by SQL that is made once from the model.

The ORM builds the text of every query again. On the two paths that must be fast, a hospital's settlement and the orders
of a plan's first day, that was most of a request's time (docs/performance.md), so that these paths use these
statements. Fields, converters and row classes are the ORM's own, so that a row is the same whichever way it is read.

Questions that are asked together go to the database in one round, and so do the writes of a block, at its end: between
two processes a round costs more than the rows it carries.
"""

from __future__ import annotations

from huimin.platform.foundation.statements.blocks import QueuedModelError, refuse_queued, together
from huimin.platform.foundation.statements.inserting import insert, queue, queue_values, rewrite, rewrite_each
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
    "rewrite_each",
    "rows_where",
    "sums_where",
    "together",
    "values_where",
]
