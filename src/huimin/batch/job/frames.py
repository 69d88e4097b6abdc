"""Decides a year's bills in Python: Arrow tables, Polars and pandas frames in, Arrow tables out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from huimin.adjudication.program import Program
from huimin.batch.decide.by_column import decide_columns
from huimin.batch.decide.result_rows import UNDECIDED_COLUMNS
from huimin.batch.files.sources import usable_rows
from huimin.batch.job.parts import decisions_of
from huimin.batch.table.fact_columns import Members, Settlements
from huimin.settlement.reading import MEMBERS, SETTLEMENTS

__all__ = ["Adjudicated", "adjudicate"]


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """The result of `adjudicate`. Rows given = adjudicated + undecided bills + cancelled + rows of `refused`.

    `decisions`: setl_id, psn_no, benefit, base_fen, deductible_applied_fen, excess_fen, payable_fen; one row for each
    settlement and benefit that is decided on it, by member, in the order of their year. A bill to which no benefit
    applies has one row with `not_covered` as the benefit. `undecided`: setl_id, psn_no, benefit, term, reason; one row
    for each bill and benefit of which something is not known. `refused`: setl_id, code, reason.
    """

    decisions: pa.Table
    refused: pa.Table
    undecided: pa.Table
    adjudicated: int
    undecided_bills: int
    cancelled: int


def adjudicate(program: Program, members: Any, settlements: Any, *, threads: int | None = None) -> Adjudicated:
    """Decide every settlement with exactly the results of the evaluator.

    `members` and `settlements` are Arrow tables or frames that give one (Polars, pandas), with the columns of files:
    amounts in yuan, or whole fen in a column whose name ends in `_fen`. All settlements of a member must be given.
    Raises InputError (`unusable_file`) if a column is missing, occurs twice, or holds other things than texts, numbers
    or days.
    """
    people = usable_rows("members", pa.table(members), MEMBERS)
    bills = usable_rows("settlements", pa.table(settlements), SETTLEMENTS)
    facts = Settlements(bills)
    decided = decide_columns(program, Members(people), facts, threads=threads or os.cpu_count() or 1)
    return Adjudicated(
        decisions_of(program, bills, decided),
        decided.refused.table(),
        _texts(UNDECIDED_COLUMNS, decided.undecided.texts(facts)),
        decided.adjudicated,
        len(decided.undecided),
        decided.cancelled,
    )


def _texts(names: Sequence[str], rows: Sequence[Sequence[str]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pa.table({name: pa.array(values, pa.string()) for name, values in zip(names, columns, strict=True)})
