"""The rows of a job's results as texts: decisions and undecided benefits, refusals, and how they become CSV."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from huimin.errors import Refusal
from huimin.settlement.cells import write_csv

__all__ = [
    "AMOUNTS",
    "DECISION_COLUMNS",
    "REFUSED_COLUMNS",
    "UNDECIDED_COLUMNS",
    "csv_text",
    "refusal_row",
]

AMOUNTS = ("base", "deductible_applied", "excess", "payable")
"""The amounts of a line of a decision. CSV has them in yuan; Parquet in fen, with `_fen` appended to these names."""
DECISION_COLUMNS = ("setl_id", "psn_no", "benefit", *AMOUNTS)
REFUSED_COLUMNS = ("setl_id", "code", "reason")
UNDECIDED_COLUMNS = ("setl_id", "psn_no", "benefit", "term", "reason")
"""The columns of undecided.csv, which has one row for each bill and benefit."""


def refusal_row(refusal: Refusal) -> tuple[str, str, str]:
    return refusal.setl_id, refusal.code, refusal.reason


def csv_text(*groups: Iterable[Sequence[str]]) -> str:
    """Rows as CSV in which no spreadsheet finds a formula (settlement.cells)."""
    buffer = io.StringIO(newline="")
    write_csv(buffer, *groups)
    return buffer.getvalue()
