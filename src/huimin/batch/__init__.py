"""Whole years decided at once, by column: as exact as the evaluator that explains single bills."""

from huimin.batch.frames import Adjudicated, adjudicate
from huimin.batch.job import JobSummary, account_files, adjudicate_files

__all__ = ["Adjudicated", "JobSummary", "account_files", "adjudicate", "adjudicate_files"]
