"""A year's bills decided in Python: Arrow tables, Polars and pandas frames in, Arrow tables out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from huimin.adjudication.program import Program
from huimin.batch.columns import decide_columns
from huimin.batch.facts import Members, Settlements
from huimin.batch.parts import decisions_table
from huimin.batch.sources import usable_rows
from huimin.settlement.reading import MEMBERS, SETTLEMENTS

__all__ = ["Adjudicated", "adjudicate"]


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Rows given = adjudicated + cancelled + rows of `refused`.

    `decisions`: setl_id, psn_no, benefit, base_fen, deductible_applied_fen, excess_fen, payable_fen; one row for each
    settlement and benefit that applies, by member, in the order of their year. `refused`: setl_id, code, reason.
    """

    decisions: pa.Table
    refused: pa.Table
    adjudicated: int
    cancelled: int


def adjudicate(program: Program, members: Any, settlements: Any, *, threads: int | None = None) -> Adjudicated:
    """Decide every settlement, to the fen as the evaluator does.

    `members` and `settlements` are Arrow tables or frames that give one (Polars, pandas), with the columns of files:
    amounts in yuan, or whole fen in a column whose name ends in `_fen`. All settlements of a member must be given.
    Raises InputError (`unusable_file`) where a column is missing, twice, or holds no texts, numbers or days.
    """
    people = usable_rows("members", pa.table(members), MEMBERS)
    bills = usable_rows("settlements", pa.table(settlements), SETTLEMENTS)
    decided = decide_columns(program, Members(people), Settlements(bills), threads=threads or os.cpu_count() or 1)
    refused = {
        "setl_id": [refusal.setl_id for refusal in decided.refused],
        "code": [refusal.code for refusal in decided.refused],
        "reason": [refusal.reason for refusal in decided.refused],
    }
    texts = {name: pa.array(values, pa.string()) for name, values in refused.items()}
    return Adjudicated(
        decisions_table(program, bills, decided), pa.table(texts), decided.adjudicated, decided.cancelled
    )
