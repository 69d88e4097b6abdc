"""The year's account adds up and is shared to the fen; a comparison says who gains and who loses."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cases.worked_years import LANGUAGE
from cast import JIANGSU
from huimin.cli import main

MEMBERS = """psn_no,cover_from,cover_to,birth_date,area,pre_existing
wang,2022-01-01,2022-12-31,1950-06-01,320100,0
li,2022-01-01,2022-12-31,1991-01-01,320500,1
zhao,2022-01-01,2022-12-31,1992-01-02,320500,0
sun,2022-01-01,2022-12-31,,320500,0
"""
BILLS = """setl_id,psn_no,setl_time,med_type,psn_part_amt,fulamt_ownpay_amt
A,wang,2022-03-01,21,60000.00,0
B,wang,2022-04-01,21,1000.00,0
C,li,2022-03-01,21,110000.00,0
D,zhao,2022-03-01,21,9000.00,0
E,gone,2022-03-01,21,9000.00,0
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "members.csv").write_text(MEMBERS, "utf-8")
    (tmp_path / "bills.csv").write_text(BILLS, "utf-8")
    paths = {"members": tmp_path / "members.csv", "settlements": tmp_path / "bills.csv", "out": tmp_path / "out"}
    return [argument for name, path in paths.items() for argument in (f"--{name}", str(path))]


def rows(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def test_the_account_says_what_each_benefit_paid_in_each_area(files: list[str], tmp_path: Path) -> None:
    assert main(["account", JIANGSU, *files]) == 3  # one bill is of nobody
    account = rows(tmp_path / "out" / "account.csv")
    # Wang: (61,000 − 10,000) × 65 % on two bills; Li, pre-existing at first enrolment: 100,000 × 55 %.
    assert account[:2] == [
        ("in_catalogue", "320100", "", "2", "1", "33150.00"),
        ("in_catalogue", "320500", "", "1", "1", "55000.00"),
    ]


def test_the_insurers_parts_add_up_to_each_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = "psn_no,cover_from,cover_to,insutype,edition\nwang,2024-01-01,2024-12-31,390,basic\n"
    head = "setl_id,psn_no,setl_time,enddate,begndate,med_type,psn_part_amt,fulamt_ownpay_amt,place,ward,"
    head += "fixmedins_code,diag_codes,items"
    (tmp_path / "m.csv").write_text(members, "utf-8")
    (tmp_path / "s.csv").write_text(
        f"{head}\nA,wang,2024-03-01,2024-03-01,2024-03-01,21,2201.00,0,local,ordinary,H1,J18,X=1\n", "utf-8"
    )
    paths = ["--members", f"{tmp_path}/m.csv", "--settlements", f"{tmp_path}/s.csv", "--out", f"{tmp_path}/out"]
    assert main(["account", str(LANGUAGE / "plan.toml"), *paths]) == 0, capsys.readouterr().err
    account = rows(tmp_path / "out" / "account.csv")
    assert account[:3] == [
        ("inside", "", "", "1", "1", "120.00"),
        ("inside", "", "first", "1", "1", "84.00"),
        ("inside", "", "second", "1", "1", "36.00"),
    ]


def test_a_comparison_says_who_would_be_paid_more(files: list[str], tmp_path: Path) -> None:
    plan = (Path("src/huimin/plans") / JIANGSU / "plan.toml").read_text("utf-8")
    other = tmp_path / "other"
    other.mkdir()
    (other / "plan.toml").write_text(plan.replace('yuan = "10000.00"', 'yuan = "8000.00"', 1), "utf-8")
    sources = (Path("src/huimin/plans") / JIANGSU / "sources.toml").read_text("utf-8")
    (other / "sources.toml").write_text(sources, "utf-8")
    assert main(["adjudicate", str(other / "plan.toml"), *files, "--compare", JIANGSU]) == 3
    found = {(by, value): rest for by, value, *rest in rows(tmp_path / "out" / "comparison.csv")}
    # 2,000 more are above the deductible: 65 % for Wang, 67 % for Li (55,000 to 56,340), 1,000 of Zhao's at 65 %. What
    # is left to Li falls from 55,000 to 53,660: the residual pays 35 % of 5,000, then of 3,660.
    assert found["plan", ""] == ["3", "0", "89900.00", "92721.00", "2821.00"]
    assert found["benefit", "in_catalogue"] == ["3", "0", "88150.00", "91440.00", "3290.00"]
    assert found["benefit", "residual"] == ["0", "1", "1750.00", "1281.00", "-469.00"]
    assert found["age", "70-79"] == ["1", "0", "33150.00", "34450.00", "1300.00"]
    assert found["age", "30-39"] == ["1", "0", "56750.00", "57621.00", "871.00"]
    assert found["age", "20-29"] == ["1", "0", "0.00", "650.00", "650.00"]
    assert found["age", "unknown"] == ["0", "0", "0.00", "0.00", "0.00"]
    assert found["area", "320500"] == ["2", "0", "56750.00", "58271.00", "1521.00"]
