"""Parquet and tables of every type: read, or refused by the name of the column and its type."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from files.clerks import BILL, HEADS, PEOPLE, Desk
from huimin.adjudication import compile_plan
from huimin.batch import adjudicate
from huimin.batch.files.sources import usable_rows
from huimin.errors import InputError
from huimin.settlement.reading import MEMBERS, SETTLEMENTS
from huimin.terms import find_plan

SHANGHAI = ZoneInfo("Asia/Shanghai")


def bills(**columns: Any) -> dict[str, Any]:
    return dict(zip(HEADS, [[cell] for cell in BILL], strict=True)) | columns


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "America/New_York", "+08:00"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_moment_with_a_zone_is_of_the_citys_local_day(desk: Desk, zone: str, unit: str) -> None:
    """Two in the morning of New Year's Day belongs to the new year, wherever the clock that wrote it stood."""
    moments = [datetime(2022, 1, 1, 2, tzinfo=SHANGHAI), datetime(2023, 1, 1, 3, tzinfo=SHANGHAI)]
    two = {name: column * 2 for name, column in bills().items()}
    two |= {"setl_id": ["S1", "S2"], "psn_no": ["P1", "P2"], "setl_time": pa.array(moments, pa.timestamp(unit, zone))}
    assert desk.adjudicate(desk.parquet(two)) == 3
    assert desk.refused == [("S2", "uncovered_date")]
    assert desk.reasons == ["the bill is of 2023-01-01; the member is covered from 2022-01-01 to 2022-12-31"]
    assert desk.summary["payable"] == "13000.00"


def test_days_of_members_with_a_zone_are_local_days(desk: Desk) -> None:
    """As Spark writes them: the first day of cover begins at four in the afternoon of the day before, in UTC."""
    ends = [datetime(2022, 1, 1, tzinfo=SHANGHAI), datetime(2022, 12, 31, tzinfo=SHANGHAI)]
    days = [pa.array([day], pa.timestamp("us", "UTC")) for day in ends]
    members = desk.parquet({"psn_no": ["P1"], "cover_from": days[0], "cover_to": days[1]}, "members.parquet")
    for day, status in (("2022-01-01", 0), ("2021-12-31", 3), ("2022-12-31", 0), ("2023-01-01", 3)):
        assert desk.adjudicate(desk.parquet(bills(setl_time=[day])), members) == status


def test_moments_of_96_bits_are_in_utc_where_spark_wrote_them_and_refused_elsewhere(desk: Desk) -> None:
    table = pa.table(bills(setl_time=pa.array([datetime(2021, 12, 31, 18)], pa.timestamp("us"))))
    path = desk.home / "s.parquet"
    pq.write_table(table, path, use_deprecated_int96_timestamps=True, store_schema=False)
    assert desk.adjudicate(path) == 2
    assert "the column setl_time holds INT96 of an unknown zone; expected TIMESTAMP" in desk.said
    with pq.ParquetWriter(path, table.schema, use_deprecated_int96_timestamps=True, store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"org.apache.spark.version": "3.5.1"})
    assert desk.adjudicate(path) == 0
    assert desk.summary["payable"] == "13000.00"


IDS = {
    "text": pa.array(["7"]),
    "large text": pa.array(["7"], pa.large_string()),
    "a view of text": pa.array(["7"], pa.string_view()),
    "a dictionary": pa.array(["7"]).dictionary_encode(),
    "int8": pa.array([7], pa.int8()),
    "uint64": pa.array([7], pa.uint64()),
    "double": pa.array([7.0]),
    "decimal": pa.array([Decimal(7)], pa.decimal128(38, 0)),
    "decimal with zeros": pa.array([Decimal("7.00")], pa.decimal128(10, 2)),
    "a dictionary of numbers": pa.array([7]).dictionary_encode(),
}


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize("column", ["setl_id", "psn_no"])
def test_an_id_of_any_type_that_holds_it_exactly_is_the_same_id(desk: Desk, column: str, kind: str) -> None:
    members = desk.text("members.csv", PEOPLE.replace("P2", "7"))
    assert desk.adjudicate(desk.parquet(bills(**{column: IDS[kind]})), members) == 0
    named = pq.read_table(desk.out / "decisions.parquet").column(column).cast(pa.string())
    assert set(named.to_pylist()) == {"7"}


def test_ids_beyond_64_bits_with_a_sign_are_kept_to_the_last_digit(desk: Desk) -> None:
    ids = pa.array([2**64 - 1, 2**64 - 2], pa.uint64())
    two = {name: column * 2 for name, column in bills().items()} | {"setl_id": ids}
    assert desk.adjudicate(desk.parquet(two)) == 0
    named = pq.read_table(desk.out / "decisions.parquet").column("setl_id").to_pylist()
    assert set(named) == {"18446744073709551615", "18446744073709551614"}


def test_uuids_are_read_as_they_are_written(desk: Desk) -> None:
    ids = [uuid.UUID(int=n) for n in (1, 2**127 + 5)]
    column = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([one.bytes for one in ids], pa.binary(16)))
    two = {name: values * 2 for name, values in bills().items()} | {"setl_id": column}
    assert desk.adjudicate(desk.parquet(two)) == 0
    named = pq.read_table(desk.out / "decisions.parquet").column("setl_id").to_pylist()
    assert set(named) == {str(one) for one in ids}


@pytest.mark.parametrize(("column", "code"), [("psn_no", "missing_member"), ("setl_id", "missing_id")])
def test_a_column_of_nothing_refuses_row_by_row(desk: Desk, column: str, code: str) -> None:
    assert desk.adjudicate(desk.parquet(bills(**{column: pa.nulls(1)}))) == 3
    assert [found for _, found in desk.refused] == [code]


def test_floats_that_no_longer_hold_the_last_digit_of_an_id_are_refused(desk: Desk) -> None:
    numbers = pa.array([320101198001010011.0])
    people = {"psn_no": numbers, "cover_from": ["2022-01-01"], "cover_to": ["2022-12-31"]}
    assert desk.adjudicate(desk.parquet(bills(psn_no=numbers)), desk.parquet(people, "members.parquet")) == 3
    assert "a number that a spreadsheet has rounded" in desk.reasons[0]


REFUSED = {
    "binary": pa.array([b"S1"]),
    "large_binary": pa.array([b"S1"], pa.large_binary()),
    "binary_view": pa.array([b"S1"], pa.binary_view()),
    "fixed_size_binary[2]": pa.array([b"S1"], pa.binary(2)),
    "list<item: string>": pa.array([["S1"]]),
    "large_list<item: string>": pa.array([["S1"]], pa.large_list(pa.string())),
    "struct<a: int64>": pa.array([{"a": 1}]),
    "map<string, int64>": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
    "time32[s]": pa.array([time(1)], pa.time32("s")),
    "time64[us]": pa.array([time(1)], pa.time64("us")),
    "duration[us]": pa.array([timedelta(1)]),
    "month_day_nano_interval": pa.array([(1, 1, 1)], pa.month_day_nano_interval()),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("column", ["setl_id", "setl_time", "psn_part_amt", "med_type", "diag_codes"])
def test_every_other_type_is_refused_by_column_and_type(column: str, kind: str) -> None:
    table = pa.table(bills(**{column: REFUSED[kind]}))
    with pytest.raises(InputError, match="expected text, numbers or dates") as refused:
        usable_rows("settlements", table, SETTLEMENTS)
    assert refused.value.message.startswith(f"settlements: the column {column} holds {kind}")
    assert refused.value.code == "unusable_file"


def test_a_type_that_nobody_can_read_in_a_column_that_nobody_reads_does_not_matter(desk: Desk) -> None:
    assert desk.adjudicate(desk.parquet(bills(details=[{"a": 1}], photo=[b"x"]))) == 0
    assert desk.summary["ignored_columns"] == ["details", "photo"]


def test_all_columns_of_wrong_types_are_said_at_once() -> None:
    table = pa.table(bills(setl_id=[b"S1"], psn_part_amt=pa.array([1.0], pa.float32())))
    with pytest.raises(InputError, match="has 2 faults"):
        usable_rows("settlements", table, SETTLEMENTS)


def test_names_of_columns_in_capitals_are_the_names(desk: Desk) -> None:
    given = {name.upper(): column for name, column in bills().items()} | {"BZ": ["x"]}
    assert desk.adjudicate(desk.parquet(given)) == 0
    assert (desk.summary["payable"], desk.summary["ignored_columns"]) == ("13000.00", ["BZ"])


def test_runs_of_equal_values_are_read_as_the_values() -> None:
    runs = pa.RunEndEncodedArray.from_arrays([2], ["7"])
    two = {name: column * 2 for name, column in bills().items()} | {"psn_no": runs}
    assert usable_rows("settlements", pa.table(two), SETTLEMENTS).table.column("psn_no").to_pylist() == ["7", "7"]


def test_zeros_behind_the_fen_are_no_fen(desk: Desk) -> None:
    amount = pa.array([Decimal("30000.0000")], pa.decimal128(18, 4))
    assert desk.adjudicate(desk.parquet(bills(psn_part_amt=amount))) == 0
    assert desk.summary["payable"] == "13000.00"
    amount = pa.array([Decimal("30000.0001")], pa.decimal128(18, 4))
    assert desk.adjudicate(desk.parquet(bills(psn_part_amt=amount))) == 3
    assert desk.refused == [("S1", "bad_amount")]


def test_frames_and_files_are_read_alike() -> None:
    members = pa.table({"PSN_NO": ["P1"], "cover_from": [date(2022, 1, 1)], "cover_to": [date(2022, 12, 31)]})
    assert usable_rows("members", members, MEMBERS).names == ["psn_no", "cover_from", "cover_to"]
    moment = pa.array([datetime(2021, 12, 31, 18)], pa.timestamp("us", "UTC"))
    facts = pa.table(bills(setl_time=moment, psn_part_amt=pa.array([30000.0]), med_type=[21]))
    found = adjudicate(compile_plan(find_plan("jiangsu/yihuibao-1/2022").plan), members, facts)
    assert (found.adjudicated, sum(found.decisions.column("payable_fen").to_pylist())) == (1, 13000_00)
