"""Whole years of bills decided by column: files in and out, frames, the year's account.

Names are loaded when they are first used: a small job of CSV files needs neither Arrow nor a compiler, and runs where
the extra `batch` is not installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from huimin.extras import require

if TYPE_CHECKING:
    from huimin.batch.decide.beyond import beyond_columns
    from huimin.batch.job.comparing import compare_decisions
    from huimin.batch.job.frames import Adjudicated, adjudicate
    from huimin.batch.job.running import Request, adjudicate_files, run
    from huimin.batch.job.sizing import parse_memory
    from huimin.batch.reports.summary import JobSummary

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
"""The names whose modules load nothing but the standard library."""
_WHERE = {
    "Adjudicated": "job.frames",
    "JobSummary": "reports.summary",
    "Request": "job.running",
    "adjudicate": "job.frames",
    "adjudicate_files": "job.running",
    "beyond_columns": "decide.beyond",
    "compare_decisions": "job.comparing",
    "parse_memory": "job.sizing",
    "run": "job.running",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name not in _LIGHT:
        require("batch", "huimin.batch")  # one error that names the extra, before the packages fail one at a time
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
