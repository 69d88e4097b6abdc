"""Files of decisions as four readers of Parquet find them: the one that is Spark's stands in tests/spark."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huimin.batch.parquet import packed as packed_parquet
from huimin.batch.parquet.packed import can_be_packed, write_packed

WHOLE = st.integers(-(2**63), 2**63 - 1)
NEAR = st.integers(-3, 3)


def written(path: Path, table: pa.Table) -> Path:
    assert can_be_packed(table)
    with path.open("wb") as file:
        write_packed(file, table, table.column_names[0])
    return path


def numbers_and_codes(numbers: list[int], texts: list[str], seed: int = 1) -> pa.Table:
    codes = np.random.default_rng(seed).integers(0, len(texts), len(numbers)).astype(np.int32)
    benefit = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(texts))
    columns = {"number": pa.array(numbers, pa.int64()), "benefit": benefit}
    return pa.table(columns, pa.schema([pa.field(n, c.type, nullable=False) for n, c in columns.items()]))


def assert_read_alike(path: Path, table: pa.Table) -> None:
    found = pq.read_table(path)
    assert found.schema.equals(table.schema)
    expected = table.to_pydict()
    assert found.to_pydict() == expected
    assert pl.read_parquet(path).to_dict(as_series=False) == expected
    rows = duckdb.read_parquet(str(path)).fetchall()
    assert rows == list(zip(*expected.values(), strict=True))


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.lists(WHOLE, min_size=1, max_size=400), st.lists(NEAR, min_size=1, max_size=400)))
def test_whatever_numbers_are_written_are_read_again(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int]
) -> None:
    table = numbers_and_codes(numbers, ["in_catalogue", "目录内", ""])
    assert_read_alike(written(tmp_path_factory.mktemp("packed") / "x.parquet", table), table)


@pytest.mark.parametrize("count", [1, 2, 32, 33, 128, 129, 130, 161, 256, 257])
@pytest.mark.parametrize("codes", [1, 2, 3, 5, 256])
def test_blocks_end_where_the_numbers_do(tmp_path: Path, count: int, codes: int) -> None:
    table = numbers_and_codes([n * n * (-1) ** n for n in range(count)], [f"b{n}" for n in range(codes)])
    assert_read_alike(written(tmp_path / "x.parquet", table), table)


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_several_pages_are_read_as_one_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over: int) -> None:
    monkeypatch.setattr(packed_parquet, "_PAGE", 1000)
    table = numbers_and_codes(list(range(3000 + over)), ["a", "b", "c"])
    assert_read_alike(written(tmp_path / "x.parquet", table), table)


def test_the_least_and_the_most_of_the_first_column_are_noted(tmp_path: Path) -> None:
    path = written(tmp_path / "x.parquet", numbers_and_codes([5, -7, 12], ["a"]))
    column = pq.ParquetFile(path).metadata.row_group(0).column(0)
    assert (column.statistics.min, column.statistics.max, column.statistics.null_count) == (-7, 12, 0)


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["1", "2"]),
        pa.array([1, 2], pa.int32()),
        pa.array([1, None]),
        pa.array([1.0, 2.0]),
        pa.DictionaryArray.from_arrays(pa.array([0, 300], pa.int32()), pa.array([str(n) for n in range(301)])),
        pa.DictionaryArray.from_arrays(pa.array([0, None], pa.int32()), pa.array(["a"])),
        pa.array([], pa.int64()),
    ],
)
def test_what_is_something_else_is_left_to_arrow(column: pa.Array) -> None:
    assert not can_be_packed(pa.table({"x": column}))
