"""Decisions as a Parquet file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from huimin.adjudication.program import Program
from huimin.batch.decide.result_rows import AMOUNTS, DECISION_COLUMNS
from huimin.batch.table.rows import Integers

__all__ = ["decisions_table", "write_parquet"]

_WORTH_PACKING = 1 << 16
"""From this many rows on our own writer is quicker than Arrow's, even though it loads a compiler."""


def decisions_table(
    program: Program, ids: Sequence[pa.Array], benefit: Integers, amounts: Sequence[Integers]
) -> pa.Table:
    """Lines of decisions as a table. `ids` are those of the bills and of their members, `amounts` the fen of AMOUNTS.

    `benefit` is the place of each line's name in the program's `line_names`.
    """
    names = pa.array(program.line_names, pa.string())
    benefits = pa.DictionaryArray.from_arrays(pa.array(benefit.astype(np.int32)), names)
    heads = (*DECISION_COLUMNS[: -len(AMOUNTS)], *(f"{name}_fen" for name in AMOUNTS))
    columns = [*ids, benefits, *(pa.array(values) for values in amounts)]
    fields = [pa.field(name, column.type, nullable=False) for name, column in zip(heads, columns, strict=True)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def write_parquet(path: str, table: pa.Table, files: Any = None) -> None:
    """Decisions in Parquet, at a path of this machine or of the file system `files` (of pyarrow.fs)."""
    if len(table) >= _WORTH_PACKING and _written_packed(path, table, files):
        return
    # Ids that are texts too are smaller as differences of neighbouring values than compressed.
    packed = [field.name for field in table.schema if pa.types.is_integer(field.type)]
    texts = [name for name in table.column_names if name not in packed]
    pq.write_table(
        table,
        path,
        filesystem=files,
        use_dictionary=texts,
        column_encoding=dict.fromkeys(packed, "DELTA_BINARY_PACKED"),
        compression={name: "snappy" if name in texts else "none" for name in table.column_names},
        write_statistics=["psn_no"],
    )


def _written_packed(path: str, table: pa.Table, files: Any) -> bool:
    """Write the table with our own writer if it can. Returns whether it did."""
    from huimin.batch.parquet.packed import can_be_packed, write_packed  # noqa: PLC0415 - loads a compiler

    if not can_be_packed(table):
        return False
    with open(path, "wb") if files is None else files.open_output_stream(path) as file:  # noqa: PTH123
        write_packed(file, table, "psn_no")
    return True
