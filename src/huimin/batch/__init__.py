"""Whole years of bills decided by column: files in and out, frames, the year's account.

Names are loaded when they are first used: a small job of CSV files needs neither Arrow nor a compiler, and runs where
the extra `batch` is not installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from huimin.extras import require

if TYPE_CHECKING:
    from huimin.batch.beyond import beyond_columns
    from huimin.batch.comparing import compare_decisions
    from huimin.batch.frames import Adjudicated, adjudicate
    from huimin.batch.job import Request, adjudicate_files, run
    from huimin.batch.sizing import parse_memory
    from huimin.batch.summary import JobSummary

__all__ = [
    "Adjudicated",
    "JobSummary",
    "Request",
    "adjudicate",
    "adjudicate_files",
    "beyond_columns",
    "compare_decisions",
    "parse_memory",
    "run",
]

_LIGHT = frozenset({"JobSummary", "Request", "adjudicate_files", "beyond_columns", "run"})
"""What needs the standard library alone until it is used."""
_WHERE = {
    "Adjudicated": "frames",
    "JobSummary": "summary",
    "Request": "job",
    "adjudicate": "frames",
    "adjudicate_files": "job",
    "beyond_columns": "beyond",
    "compare_decisions": "comparing",
    "parse_memory": "sizing",
    "run": "job",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name not in _LIGHT:
        require("batch", "huimin.batch")  # in one sentence, before the packages fail one at a time
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
