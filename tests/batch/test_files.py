"""The job on files of every kind, and on files that cannot be used: a sentence, and nothing half written."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cast import JIANGSU
from huimin.cli import main

MEMBERS = "psn_no,cover_from,cover_to\nwang,2022-01-01,2022-12-31\n"
BILLS = "setl_id,psn_no,setl_time,med_type,psn_part_amt,fulamt_ownpay_amt\nS1,wang,2022-03-01,21,118845.11,3617.58\n"
PAID = {"in_catalogue": "69025.20", "out_of_catalogue": "0.00", "residual": "0.00"}


pytestmark = pytest.mark.usefixtures("way")


def run(members: Path, settlements: Path, out: Path) -> int:
    return main(
        ["adjudicate", JIANGSU, "--members", f"{members}", "--settlements", f"{settlements}", "--out", f"{out}"]
    )


@pytest.fixture
def members(tmp_path: Path) -> Path:
    path = tmp_path / "members.csv"
    path.write_text(MEMBERS, "utf-8")
    return path


@pytest.fixture
def bills(tmp_path: Path) -> Path:
    path = tmp_path / "bills.csv"
    path.write_text(BILLS, "utf-8")
    return path


def summary(out: Path) -> dict[str, Any]:
    return json.loads((out / "summary.json").read_text("utf-8"))  # type: ignore[no-any-return]


def a_sheet(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


def test_numbers_and_days_in_the_cells_of_excel_files_are_read(tmp_path: Path) -> None:
    members = a_sheet(
        tmp_path / "m.xlsx",
        [["psn_no", "cover_from", "cover_to"], ["wang", date(2022, 1, 1), "2022-12-31"], [None, None, None]],
    )
    names = ["setl_id", "psn_no", "setl_time", "med_type", "psn_part_amt", "fulamt_ownpay_amt", None, "备注"]
    bills = a_sheet(
        tmp_path / "s.xlsx",
        [
            names,
            ["S1", " wang ", datetime(2022, 3, 1, 14, 5), 21, 118845.11, 3617.58, "x", "y"],
            [7, "wang", "2022-03-02", "21", 1, 0],
        ],
    )
    assert run(members, bills, tmp_path / "out") == 0
    found = summary(tmp_path / "out")
    assert (found["rows_read"], found["payable_by_benefit"]["in_catalogue"]) == (2, "69025.97")
    assert found["ignored_columns"] == ["备注", "column 7, which has no name"]


def test_a_directory_of_parquet_is_one_table_and_brings_parquet(tmp_path: Path, members: Path) -> None:
    home = tmp_path / "bills"
    home.mkdir()
    for number, fen in enumerate((118845_11, 100)):
        rows = {
            "setl_id": [number],
            "psn_no": ["wang"],
            "setl_time": pa.array([datetime(2022, 3, 1 + number)], pa.timestamp("us")),
            "med_type": ["21"],
            "psn_part_amt_fen": [fen],
            "fulamt_ownpay_amt_fen": [3617_58 if number == 0 else 0],
        }
        pq.write_table(pa.table(rows), home / f"part-{number}.parquet")
    assert run(members, home, tmp_path / "out") == 0
    decisions = pq.read_table(tmp_path / "out" / "decisions.parquet").to_pydict()
    assert decisions["setl_id"] == [0, 0, 0, 1, 1, 1]
    assert decisions["benefit"][:3] == list(PAID)
    assert decisions["payable_fen"] == [69025_20, 0, 0, 77, 0, 0]
    assert not (tmp_path / "out" / "decisions.csv").exists()


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("us")])
def test_days_that_no_calendar_has_are_refused_one_by_one(tmp_path: Path, kind: pa.DataType) -> None:
    """Columns of Parquet hold days of the year 29349 and of 27000 before ours."""
    far = pa.array([10**7, -(10**7)], pa.int32()).cast(pa.date32())
    people = {"psn_no": ["wang", "li"], "cover_from": ["2022-01-01"] * 2}
    people["cover_to"] = pa.concat_arrays([pa.array([date(2022, 12, 31)]), far[:1]])
    pq.write_table(pa.table(people), tmp_path / "members.parquet")
    days = pa.concat_arrays([pa.array([date(2022, 3, 1)]), far, far[:1], pa.array([date(2022, 3, 1)])])
    rows = {
        "setl_id": [1, 2, 3, 4, 5],
        "psn_no": ["wang", "wang", "wang", "nobody", "li"],
        "setl_time": days.cast(kind),
        "med_type": ["21"] * 5,
        "psn_part_amt_fen": [100] * 5,
        "fulamt_ownpay_amt_fen": [0] * 5,
    }
    pq.write_table(pa.table(rows), tmp_path / "bills.parquet")
    assert run(tmp_path / "members.parquet", tmp_path / "bills.parquet", tmp_path / "out") == 3
    with (tmp_path / "out" / "refused.csv").open(encoding="utf-8") as file:
        found = [(row["setl_id"], row["code"]) for row in csv.DictReader(file)]
    assert found == [("2", "bad_date"), ("3", "bad_date"), ("4", "bad_date"), ("5", "faulty_member")]
    assert summary(tmp_path / "out")["adjudicated"] == 1


def test_a_truncated_parquet_file_says_so(tmp_path: Path, members: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bills.parquet"
    pq.write_table(pa.table({"setl_id": ["S1"], "psn_no": ["wang"], "setl_time": ["2022-03-01"]}), path)
    path.write_bytes(path.read_bytes()[:-20])
    assert run(members, path, tmp_path / "out") == 2
    assert "cannot be read as Parquet" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bills.xlsx", b"no book at all", "cannot be read as an Excel file"),
        ("bills.parquet", b"", "cannot be read as Parquet"),
        ("bills.txt", b"", "expected .csv, .xlsx, .parquet or a directory of Parquet"),
        ("bills.csv", b"setl_id,psn_no\n", "the columns setl_time are missing"),
        ("bills.csv", b"setl_id,setl_id,psn_no,setl_time\n", "twice"),
        ("bills.csv", b"setl_id,psn_no,setl_time\n1,2,3,4\n", "more fields"),
    ],
)
def test_a_file_that_cannot_be_used_as_a_whole_is_refused_and_nothing_is_written(
    tmp_path: Path, members: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert run(members, tmp_path / name, tmp_path / "out") == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_empty_sheet_has_no_columns(tmp_path: Path, members: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(members, a_sheet(tmp_path / "s.xlsx", []), tmp_path / "out") == 2
    assert "the columns setl_id, psn_no, setl_time are missing" in capsys.readouterr().err


def test_a_place_where_one_may_not_write_is_said(
    members: Path, bills: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(members, bills, Path("/proc/out")) == 2
    assert "expected a directory to write to" in capsys.readouterr().err


@contextmanager
def as_nobody() -> Iterator[None]:
    """As somebody who may not do everything."""
    whoever = os.geteuid()
    if whoever == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(whoever)


@pytest.mark.parametrize("name", ["closed.csv", "closed.parquet", "closed.xlsx"])
def test_a_file_that_may_not_be_read_is_named(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "m.csv").write_text(MEMBERS, "utf-8")
        (home / name).write_text(BILLS, "utf-8")
        (home / name).chmod(0)
        with as_nobody():
            assert run(home / "m.csv", home / name, home / "out") == 2
        found = capsys.readouterr().err
        assert name in found
        assert "ermission denied" in found
        assert not (home / "out").exists()


def test_a_folder_that_is_closed_to_writing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "m.csv").write_text(MEMBERS, "utf-8")
        (home / "s.csv").write_text(BILLS, "utf-8")
        home.chmod(0o555)
        with as_nobody():
            assert run(home / "m.csv", home / "s.csv", home / "out") == 2
        assert "Permission denied; expected a directory to write to" in capsys.readouterr().err


def test_a_file_where_the_directory_should_be_is_said_and_stays(
    tmp_path: Path, members: Path, bills: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("mine", "utf-8")
    assert run(members, bills, tmp_path / "out") == 2
    assert "expected a directory to write to" in capsys.readouterr().err
    assert (tmp_path / "out").read_text("utf-8") == "mine"


def test_a_disk_that_is_full_leaves_nothing_half_written(
    tmp_path: Path, members: Path, bills: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(members, bills, tmp_path / "out") == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    capsys.readouterr()

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert run(members, bills, tmp_path / "out") == 2
    assert "No space left on device" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
