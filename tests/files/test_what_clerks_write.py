"""What loses nothing is read; `explain` reads what `adjudicate` reads."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from cast import JIANGSU
from files.clerks import BILL, HEADS, Desk
from huimin.cli import main


def test_cells_in_forms_that_lose_nothing_are_read(desk: Desk) -> None:
    people = "psn_no,cover_from,cover_to,continuous_years\nP1,2022-01-01,2022/12/31,\n"
    people += "P2,2022-01-01 00:00:00,2022-12-31 00:00:00,\nP3,2022-01-01,2022-12-31,1.0\n"
    rows = [
        "S1,P1,2022-03-01,21,30000.00,0.00,C34.900;I10;",
        "S2,P1,2022/3/1 14:05,21.0,30000.000,0.00,",
        "S3,P2,2022-03-01T14:05:00+08:00,21,30000.00,0.0000,",
        "S4,P3,2022-03-01 14:05:00.0,２１,30000.00,0.00,",
    ]
    text = "\n".join([f"{','.join(HEADS)},diag_codes", *rows, ""])
    assert desk.adjudicate(desk.bills(text), desk.text("members.csv", people)) == 0
    assert desk.summary["payable"] == "58500.00"


def test_a_time_that_ended_the_job_is_refused_in_its_row(desk: Desk) -> None:
    rows = [",".join(BILL), *(f"S{n},P1,{text},21,30000.00,0.00" for n, text in enumerate(TIMES, 2))]
    assert desk.adjudicate(desk.bills("\n".join([",".join(HEADS), *rows, ""]))) == 3
    assert desk.refused == [(f"S{n}", "bad_date") for n in range(2, 2 + len(TIMES))]
    assert desk.summary["payable"] == "13000.00"


TIMES = ("2022-03-01 14+08:00", "2022-W10-1", "20220301 140500.123", "2022-02-30", "1.3.2022")


def a_csv(desk: Desk) -> tuple[Path, Path]:
    return desk.members, desk.bills(f"{','.join(HEADS)}\n{','.join(BILL)}\n".replace(",", ";"), "gb18030")


def an_excel_file(desk: Desk) -> tuple[Path, Path]:
    people = [("PSN_NO", "cover_from", "cover_to"), ("P1", datetime(2022, 1, 1), datetime(2022, 12, 31))]
    return desk.sheets("m.xlsx", {"1": people}), desk.sheets("s.xlsx", {"1": [HEADS, BILL]})


def a_parquet_file(desk: Desk) -> tuple[Path, Path]:
    given = dict(zip(HEADS[:4], [[cell] for cell in BILL[:4]], strict=True))
    given["setl_time"] = pa.array([datetime(2021, 12, 31, 18)], pa.timestamp("us", "UTC"))
    return desk.members, desk.parquet(given | {"psn_part_amt_fen": [3000000.0], "fulamt_ownpay_amt": ["0"]})


@pytest.mark.parametrize("files", [a_csv, an_excel_file, a_parquet_file])
def test_explain_reads_what_adjudicate_reads(desk: Desk, capsys: pytest.CaptureFixture[str], files: object) -> None:
    members, settlements = files(desk)  # type: ignore[operator]
    assert desk.adjudicate(settlements, members) == 0
    assert desk.summary["payable"] == "13000.00"
    asked = ["--members", f"{members}", "--settlements", f"{settlements}", "--settlement", "S1", "--language", "en"]
    assert main(["explain", JIANGSU, *asked]) == 0
    assert "13,000.00" in capsys.readouterr().out


def test_explain_takes_what_others_wrote_of_the_same_ids_into_account(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another member's bill has the same id: both are refused, by `explain` as by `adjudicate`."""
    text = f"{','.join(HEADS)}\n{','.join(BILL)}\nS1,P2,2022-03-01,21,1.00,0.00\nS2,P2,2022-03-01,21,1.00,0.00\n"
    path = desk.bills(text)
    assert desk.adjudicate(path) == 3
    assert [code for _, code in desk.refused] == ["conflicting_duplicate"] * 2
    asked = ["--members", f"{desk.members}", "--settlements", f"{path}", "--settlement", "S1"]
    assert main(["explain", JIANGSU, *asked]) == 2
    assert "no usable settlement 'S1'" in capsys.readouterr().err


def test_explain_names_the_sheets_that_it_did_not_read(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.sheets("s.xlsx", {"3月": [HEADS, BILL], "4月": [HEADS, BILL]})
    asked = ["--members", f"{desk.members}", "--settlements", f"{path}", "--settlement", "S1"]
    assert main(["explain", JIANGSU, *asked]) == 0
    assert "the sheet 3月 was read; not read: 4月" in capsys.readouterr().err
