"""The year's account adds up and is shared to the fen; a comparison says who gains and who loses."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
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
        ("in_catalogue", "320100", "", "2", "1", "33150.00", "0"),
        ("in_catalogue", "320500", "", "1", "1", "55000.00", "0"),
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
        ("inside", "", "", "1", "1", "120.00", "0"),
        ("inside", "", "first", "1", "1", "84.00", "0"),
        ("inside", "", "second", "1", "1", "36.00", "0"),
    ]


@pytest.fixture
def a_lower_deductible(tmp_path: Path) -> str:
    plan = (Path("src/huimin/plans") / JIANGSU / "plan.toml").read_text("utf-8")
    other = tmp_path / "other"
    other.mkdir()
    (other / "plan.toml").write_text(plan.replace('yuan = "10000.00"', 'yuan = "8000.00"', 1), "utf-8")
    sources = (Path("src/huimin/plans") / JIANGSU / "sources.toml").read_text("utf-8")
    (other / "sources.toml").write_text(sources, "utf-8")
    return str(other / "plan.toml")


def test_a_comparison_says_who_would_be_paid_more(files: list[str], tmp_path: Path, a_lower_deductible: str) -> None:
    assert main(["adjudicate", a_lower_deductible, *files, "--compare", JIANGSU]) == 3
    found = {(by, value): rest for by, value, *rest in rows(tmp_path / "out" / "comparison.csv")}
    # 2,000 more are above the deductible: 65 % for Wang, 67 % for Li (55,000 to 56,340), 1,000 of Zhao's at 65 %. What
    # is left to Li falls from 55,000 to 53,660: the residual pays 35 % of 5,000, then of 3,660.
    assert found["plan", ""] == ["3", "0", "89900.00", "92721.00", "2821.00", "0", "0"]
    assert found["benefit", "in_catalogue"] == ["3", "0", "88150.00", "91440.00", "3290.00", "0", "0"]
    assert found["benefit", "residual"] == ["0", "1", "1750.00", "1281.00", "-469.00", "0", "0"]
    assert found["age", "70-79"] == ["1", "0", "33150.00", "34450.00", "1300.00", "0", "0"]
    assert found["age", "30-39"] == ["1", "0", "56750.00", "57621.00", "871.00", "0", "0"]
    assert found["age", "20-29"] == ["1", "0", "0.00", "650.00", "650.00", "0", "0"]
    assert found["age", "unknown"] == ["0", "0", "0.00", "0.00", "0.00", "0", "0"]
    assert found["area", "320500"] == ["2", "0", "56750.00", "58271.00", "1521.00", "0", "0"]


@pytest.mark.parametrize("kind", ["results", "csv", "parquet", "parquet in parts"])
def test_decisions_that_are_there_compare_as_plans_do(
    files: list[str], tmp_path: Path, a_lower_deductible: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["adjudicate", JIANGSU, *files]) == 3
    before = out.rename(tmp_path / "before")
    assert main(["adjudicate", a_lower_deductible, *files, "--compare", JIANGSU]) == 3
    expected = (out / "comparison.csv").read_text("utf-8")
    sets = [as_kind(kind, place) for place in (before, out)]
    capsys.readouterr()
    members = ["--members", f"{tmp_path}/members.csv"]
    assert main(["compare", *sets, *members, "--out", f"{tmp_path}/found"]) == 0
    assert (tmp_path / "found" / "comparison.csv").read_text("utf-8") == expected
    said = capsys.readouterr().out
    assert said.startswith(
        "3 members are paid more, 0 less: 89900.00 yuan before, 92721.00 after, a difference of 2821"
    )
    later = ["--out", f"{tmp_path}/later", "--first-day", "2023-01-01"]
    assert main(["compare", *sets, *members, *later]) == 0
    assert "age,30-39,2," in (tmp_path / "later" / "comparison.csv").read_text("utf-8")  # Zhao has turned thirty


def as_kind(kind: str, results: Path) -> str:
    if kind == "results":
        return str(results)
    if kind == "csv":
        return str(results / "decisions.csv")
    columns = list(zip(*rows(results / "decisions.csv"), strict=True))
    payable = pa.array([round(float(text) * 100) for text in columns[6]])
    table = pa.table({"psn_no": list(columns[1]), "benefit": list(columns[2]), "payable_fen": payable})
    if kind == "parquet":
        pq.write_table(table, results / "x.parquet")
        return str(results / "x.parquet")
    (results / "p").mkdir()
    for part in range(3):
        pq.write_table(table.slice(part * 4, 4), results / "p" / f"{part}.parquet")
    return str(results / "p")


@pytest.mark.parametrize(
    ("decisions", "words"),
    [
        ("li,in_catalogue,1.00\nyou,in_catalogue,1.00\n", "line 3: {home}/members.csv has no psn_no 'you'"),
        ("li,in_catalogue,-1.00\n", "line 2: found benefit 'in_catalogue' and payable '-1.00'; expected"),
        ("li,in_catalogue,1.001\n", "line 2: found benefit 'in_catalogue' and payable '1.001'; expected"),
        ("li,,1.00\n", "line 2: found benefit '' and payable '1.00'; expected a benefit"),
        ("li,in_catalogue,\n", "payable ''; expected"),
        (None, "the columns benefit are missing"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_decisions_that_cannot_be_compared_are_refused_with_their_line(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], decisions: Any, words: str, place: int
) -> None:
    sets = [tmp_path / "one.csv", tmp_path / "other.csv"]
    sets[1 - place].write_text("psn_no,benefit,payable\nli,in_catalogue,2.00\n", "utf-8")
    text = "psn_no,payable\nli,1\n" if decisions is None else f"psn_no,benefit,payable\n{decisions}"
    sets[place].write_text(text, "utf-8")
    out = tmp_path / "found"
    assert main(["compare", *map(str, sets), "--members", f"{tmp_path}/members.csv", "--out", str(out)]) == 2
    assert words.format(home=tmp_path) in capsys.readouterr().err
    assert not out.exists()


def test_a_comparison_that_cannot_be_written_says_so(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.csv").write_text("psn_no,benefit,payable\nli,in_catalogue,2.00\n", "utf-8")
    one, out = f"{tmp_path}/one.csv", f"{tmp_path}/one.csv/below"
    assert main(["compare", one, one, "--members", f"{tmp_path}/members.csv", "--out", out]) == 2
    assert "expected a directory to write to" in capsys.readouterr().err
