"""Whole years of bills decided by column: files in and out, frames, the year's account."""

from huimin.batch.frames import Adjudicated, adjudicate
from huimin.batch.job import JobSummary, Request, adjudicate_files, run
from huimin.batch.sizing import parse_memory

__all__ = ["Adjudicated", "JobSummary", "Request", "adjudicate", "adjudicate_files", "parse_memory", "run"]
