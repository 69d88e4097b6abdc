"""Rows put in the order of the members' years, and moved to it column by column."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin.batch.table.gathering import gathered, scattered
from huimin.batch.table.identifiers import Names
from huimin.batch.table.ordering import order_of

Bill = tuple[int, int, Any]
FEW = st.tuples(st.integers(0, 3), st.integers(0, 3))


def bills(ids: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Bill]]:
    return st.lists(st.tuples(FEW, ids), max_size=30, unique_by=lambda one: one[1]).map(
        lambda found: [(member, time, name) for (member, time), name in found]
    )


def order(found: list[Bill], kind: pa.DataType) -> list[int]:
    members, times, names = (list(column) for column in zip(*found, strict=True)) if found else ([], [], [])
    ids = Names(pa.array(names, kind))
    places = order_of(np.array(members, np.int64), np.array(times, np.int64), ids.take)
    return list(range(len(found))) if places is None else places.tolist()


@given(bills(st.integers(0, 2_000)))
def test_numbers_as_ids_order_as_their_texts(found: list[Bill]) -> None:
    """12 stands before 7 where they are not of one length."""
    expected = sorted(range(len(found)), key=lambda row: (*found[row][:2], str(found[row][2])))
    assert order(found, pa.int64()) == expected


@given(bills(st.integers(0, 18).flatmap(lambda digits: st.integers(0, 10**digits))))
def test_numbers_of_any_length_order_as_their_texts(found: list[Bill]) -> None:
    """Up to 17 digits they are compared as numbers, filled up with zeros; of more, as texts."""
    expected = sorted(range(len(found)), key=lambda row: (*found[row][:2], str(found[row][2])))
    assert order(found, pa.int64()) == expected


@given(bills(st.text("ab0", max_size=3)))
def test_texts_as_ids_order_as_python_orders_them(found: list[Bill]) -> None:
    expected = sorted(range(len(found)), key=lambda row: found[row])
    assert order(found, pa.string()) == expected


@pytest.mark.parametrize("span", [1, 86_400 * 366, 10**12, 2**61])
def test_times_order_however_far_apart_they_are(span: int) -> None:
    """Where member and time have no room in one number, times are counted first."""
    found = [(member, time * span, member * 10 + time) for member in (5, 0, 3) for time in (1, 0)]
    assert [found[row] for row in order(found, pa.int64())] == sorted(found)


def test_what_stands_in_order_is_left_there() -> None:
    members, times = np.array([0, 0, 1]), np.array([1, 1, 0])
    assert order_of(members, times, Names(pa.array([10, 11, 5])).take) is None
    assert order_of(members, times, Names(pa.array([11, 10, 5])).take) is not None


COLUMNS: dict[str, list[Any]] = {
    "int8": [1, -2, 3, 4],
    "uint64": [0, 2**64 - 1, 5, 7],
    "float64": [0.5, float("inf"), -1.0, 2.0],
    "date32[day]": [date(2022, 1, n) for n in (1, 2, 3, 4)],
    "timestamp[us]": [datetime(2022, 1, n, 3, 4, 5, 6) for n in (1, 2, 3, 4)],
    "string": ["a", "", None, "目录"],
    "int64": [1, None, 3, 4],
    "bool": [True, False, True, True],
}


@pytest.mark.parametrize("places", [[0, 1, 2, 3], [3, 1, 0, 2]])
@pytest.mark.parametrize("sliced", [False, True])
def test_columns_of_every_kind_are_moved_alike(places: list[int], sliced: bool) -> None:
    table = pa.table(
        {name: pa.array(values, pa.type_for_alias(name.partition("[day")[0])) for name, values in COLUMNS.items()}
    )
    if sliced:
        table = pa.concat_tables([table.slice(3), table]).combine_chunks().slice(1)
    to = np.array(places)
    rows = table.to_pylist()
    found = gathered(table, to)
    assert found.schema == table.schema
    assert found.to_pylist() == [rows[place] for place in places]
    moved = scattered(table, to)
    assert [moved.to_pylist()[place] for place in places] == rows
    assert gathered(moved, to, table.schema).equals(table)


@pytest.mark.parametrize(
    ("kind", "values", "narrow"),
    [
        (pa.int64(), [-128, 127], pa.int8()),
        (pa.int64(), [-129, 127], pa.int16()),
        (pa.int64(), [0, 2**31 - 1], pa.int32()),
        (pa.int64(), [0, 2**31], pa.int64()),
        (pa.int32(), [0, 70_000], pa.int32()),
        (pa.uint64(), [0, 255], pa.uint8()),
        (pa.uint64(), [0, 2**64 - 1], pa.uint64()),
        (pa.int64(), [], pa.int8()),
        (pa.int64(), [1, None], pa.int64()),
        (pa.date32(), [date(1970, 1, 2), date(1970, 1, 3)], pa.date32()),
    ],
)
def test_whole_numbers_are_moved_in_the_narrowest_type(kind: pa.DataType, values: list[Any], narrow: Any) -> None:
    table = pa.table({"x": pa.array(values, kind)})
    places = np.arange(len(values))[::-1].copy()
    moved = scattered(table, places)
    assert moved.schema.field("x").type == narrow
    assert moved["x"].to_pylist() == values[::-1]
    assert gathered(moved, places, table.schema).equals(table)
