"""Everything of `clearing` that other contexts may import."""

from __future__ import annotations

from huimin.platform.clearing.answered_sheet import read_answers
from huimin.platform.clearing.answering import AnswerFaults, Answers, Disputed, answer_lines
from huimin.platform.clearing.deciding import agree_on_line, decide_line
from huimin.platform.clearing.making import make_statement, paid_clients, party_of
from huimin.platform.clearing.models import DisputeReason, LineKind, LineState
from huimin.platform.clearing.paying import pay_party
from huimin.platform.clearing.reading import (
    all_lines,
    line_by_id,
    lines_of_statement,
    open_before,
    proposed_lines,
    statement_by_id,
    statement_of_month,
    statements,
    statements_of_client,
    statements_open,
)
from huimin.platform.clearing.sheet import write_statement
from huimin.platform.clearing.statement_facts import LineFacts, StatementFacts, StatementState

__all__ = [
    "AnswerFaults",
    "Answers",
    "DisputeReason",
    "Disputed",
    "LineFacts",
    "LineKind",
    "LineState",
    "StatementFacts",
    "StatementState",
    "agree_on_line",
    "all_lines",
    "answer_lines",
    "decide_line",
    "line_by_id",
    "lines_of_statement",
    "make_statement",
    "open_before",
    "paid_clients",
    "party_of",
    "pay_party",
    "proposed_lines",
    "read_answers",
    "statement_by_id",
    "statement_of_month",
    "statements",
    "statements_of_client",
    "statements_open",
    "write_statement",
]
