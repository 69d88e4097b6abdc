"""How histories, findings and approvals name a statement and a line of one."""

from __future__ import annotations

from huimin.platform.foundation.events import Subject

__all__ = ["LARGE_LINE", "LINE", "QUESTION", "STATEMENT", "line_subject", "statement_subject"]

LINE, STATEMENT = "statement_line", "hospital_statement"
LARGE_LINE = "disputed_line"
"""The use case that two people agree on."""
QUESTION = "disputed_line"


def line_subject(line_id: int) -> Subject:
    return Subject(LINE, str(line_id))


def statement_subject(statement_id: int) -> Subject:
    return Subject(STATEMENT, str(statement_id))
