"""Whole files of members and settlements decided at once, with the evaluator that explains single bills."""

from huimin.batch.job import JobSummary, adjudicate_files

__all__ = ["JobSummary", "adjudicate_files"]
