"""What the API gives and takes of hospitals' statements. Amounts are text in yuan with two decimals."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from huimin.platform.api.enrolment_schemas import Text

__all__ = ["AnswersIn", "MonthOut", "MonthsOut", "SheetIn", "StatementOut"]


class MonthOut(Schema):
    """How a statement stands.

    `state`: `waiting` for answers; `overdue`, lines were not answered to the last day; `disputed`; `settled` and paid
    next; `to_correct`, what is left waits for your corrections; `carried`, what is left is kept of what comes next;
    `paying`; `paid`. An amount below zero is owed by you.
    """

    month: Annotated[str, Field(examples=["2022-04"])]
    state: str
    lines: int
    amount: str
    answer_until: Annotated[str, Field(description="the last day on which an answer is in time")]
    digest: Annotated[str, Field(description="SHA-256 of the lines: the statement never changes")]
    open: Annotated[int, Field(description="lines that you have not answered")]
    agreed: int
    disputed: int
    decided: Annotated[int, Field(description="lines that you disputed and that were decided since")]
    paying: str
    paid: str


class MonthsOut(Schema):
    """Statements, the latest month first."""

    page: int
    pages: int
    statements: list[MonthOut]


class LineOut(Schema):
    """One decision by which another amount is owed to you for a bill.

    `kind`: `settlement`, `reversal`, `correction`; of the last two `cause` is the id of the message that led to it, and
    `earlier_month` the statement that has the bill's line before. `state`: `open`, `agreed`, `disputed`, `stands`
    (disputed, and found to be right), `to_correct` (disputed: correct or reverse the bill; both lines are paid then).
    """

    line: int
    setl_id: str
    kind: str
    cause: str
    earlier_month: str
    discharged_on: str
    settled_on: str
    amount: str
    state: str
    reason: str
    note: str
    paid: bool


class StatementOut(MonthOut):
    """A statement with a page of its lines."""

    open_before: Annotated[str, Field(description="what is not paid yet of earlier statements")]
    page: int
    pages: int
    rows: list[LineOut]


class AnswerIn(Schema):
    """An answer to one line. `reason` with `disputed`; `note` with the reason `other`."""

    model_config = ConfigDict(extra="forbid")
    line: Annotated[int, Field(strict=True, ge=1)]
    answer: Literal["agreed", "disputed"]
    reason: Literal["", "other_amount", "not_ours", "not_credited", "reversed", "other"] = ""
    note: Annotated[str, Field(strict=True, max_length=200)] = ""


class AnswersIn(Schema):
    """Answers to lines. `rest`: true agrees to every line that is not answered, neither here nor before."""

    model_config = ConfigDict(extra="forbid")
    answers: Annotated[tuple[AnswerIn, ...], Field(max_length=5_000)] = ()
    rest: Annotated[bool, Field(strict=True)] = False


class SheetIn(Schema):
    """The sheet of the statement, answered. `content`: the .xlsx file in base 64."""

    model_config = ConfigDict(extra="forbid")
    content: Annotated[Text, Field(max_length=990_000)]
