"""Whole years of bills decided by column: files in and out, frames, the year's account."""

from huimin.extras import require

require("batch", "huimin.batch")  # before its modules are loaded, which would fail one package at a time

from huimin.batch.comparing import compare_decisions
from huimin.batch.frames import Adjudicated, adjudicate
from huimin.batch.job import Request, adjudicate_files, run
from huimin.batch.putting_aside import beyond_columns
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
