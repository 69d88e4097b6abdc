"""Files with bills that nobody can decide whole: counted apart, named with their reasons, whatever decides them."""

from __future__ import annotations

import csv
import json
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.test_blocks import Carrier
from cast import YEAR_END, YEAR_START, member
from huimin.adjudication import BenefitProgram, Program, Schedule, compile_plan
from huimin.adjudication import adjudicate as adjudicate_year
from huimin.adjudication.program import ItemProgram
from huimin.batch import JobSummary, Request, adjudicate, run
from huimin.batch.decide.result_rows import UNDECIDED_COLUMNS, csv_text
from huimin.batch.files.sources import open_members, open_settlements
from huimin.batch.job.parts import Task
from huimin.batch.spark.cluster_job import SparkJob, shared_by
from huimin.cli import main
from huimin.settlement.reading import settlement_from_row
from huimin.terms import find_plan

DAZHOU, JIANGSU, NANJING, SHENZHEN = (
    "dazhou/dahuibao/2022",
    "jiangsu/yihuibao-1/2022",
    "nanjing/ninghuibao/2022",
    "shenzhen/critical/2015",
)
pytestmark = pytest.mark.usefixtures("way")
MEMBERS = "psn_no,cover_from,cover_to,area\nwang,2022-01-01,2022-12-31,A\nli,2022-01-01,2022-12-31,B\n"
HEAD = "setl_id,psn_no,setl_time,med_type,psn_part_amt,fulamt_ownpay_amt"
BILLS = f"""{HEAD}
A,wang,2022-03-01,21,100000.00,5000.00
B,li,2022-04-01,21,1000.00,0
C,li,2022-05-01,24,1000.00,0
D,gone,2022-03-01,21,9000.00,0
E,wang,2022-06-01,21,100.00,0
"""


def files(home: Path, bills: str = BILLS, members: str = MEMBERS) -> list[str]:
    (home / "members.csv").write_text(members, "utf-8")
    (home / "bills.csv").write_text(bills, "utf-8")
    return [f"--members={home}/members.csv", f"--settlements={home}/bills.csv", f"--out={home}/out"]


def rows(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


def of_plan(home: Path, plan: str) -> Request:
    return Request(find_plan(plan), home / "members.csv", home / "bills.csv", home / "out")


def as_parquet(home: Path) -> None:
    for name in ("members", "bills"):
        head, *cells = rows(home / f"{name}.csv")
        columns = list(zip(*cells, strict=True))
        table = pa.table({one: pa.array(column) for one, column in zip(head, columns, strict=True)})
        pq.write_table(table, home / f"{name}.parquet")


def test_one_bill_of_unknown_rates_is_counted_apart_named_with_its_reasons_and_ends_in_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = files(tmp_path, f"{HEAD}\nA,wang,2022-03-01,21,100000.00,0\n")
    assert main(["adjudicate", DAZHOU, *given]) == 3
    printed = capsys.readouterr().out
    assert "1 rows read: 0 adjudicated, 1 undecided, 0 cancelled, 0 refused" in printed
    assert "0.00 yuan payable without in_catalogue, out_of_catalogue, special_drugs. " in printed
    assert "Undecided on 1 bills: in_catalogue (tiers: The rates are not in the source.)" in printed
    assert rows(tmp_path / "out" / "undecided.csv") == [
        UNDECIDED_COLUMNS,
        ("A", "wang", "in_catalogue", "tiers", "The rates are not in the source."),
        ("A", "wang", "out_of_catalogue", "tiers", "The rates are not in the source."),
        ("A", "wang", "special_drugs", "terms", "The list and the rates are not in the source."),
    ]
    assert len(rows(tmp_path / "out" / "decisions.csv")) == 1
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert (summary["adjudicated"], summary["undecided"], summary["payable_by_benefit"]) == (0, 1, {})
    assert summary["undecided_by_benefit"]["special_drugs"] == {
        "terms: The list and the rates are not in the source.": 1
    }


def test_rows_read_are_those_of_the_four_outcomes(tmp_path: Path) -> None:
    files(tmp_path, BILLS + "F,wang,2022-06-02,21,,\n")
    text = (tmp_path / "bills.csv").read_text("utf-8").splitlines()
    reverses = ["reverses", "", "", "", "", "", "E"]
    (tmp_path / "bills.csv").write_text("".join(f"{a},{b}\n" for a, b in zip(text, reverses, strict=True)), "utf-8")
    summary = run(of_plan(tmp_path, NANJING))
    assert (summary.rows_read, summary.adjudicated, summary.undecided) == (6, 1, 2)
    assert (summary.cancelled, summary.refused, summary.not_covered) == (2, 1, 1)


def test_benefits_that_are_decided_on_an_undecided_bill_have_their_rows_and_sums(tmp_path: Path) -> None:
    files(tmp_path)
    summary = run(of_plan(tmp_path, NANJING))
    lines = {(row[0], row[2]): row[6] for row in rows(tmp_path / "out" / "decisions.csv")[1:]}
    assert lines["A", "in_catalogue"] != "0.00"
    assert summary.payable_by_benefit == {"in_catalogue": summary.payable}
    assert "out_of_catalogue" not in {benefit for _, benefit in lines}
    assert {row[0] for row in rows(tmp_path / "out" / "undecided.csv")[1:]} == {"A", "B", "E"}


def test_a_bill_of_a_kind_that_the_plan_does_not_cover_has_a_row_in_every_form(tmp_path: Path) -> None:
    files(tmp_path)
    as_parquet(tmp_path)
    summary = run(of_plan(tmp_path, JIANGSU))
    assert ("C", "li", "not_covered", "0.00", "0.00", "0.00", "0.00") in rows(tmp_path / "out" / "decisions.csv")
    assert (summary.not_covered, summary.undecided) == (1, 0)
    assert "not_covered" not in summary.payable_by_benefit
    run(Request(find_plan(JIANGSU), tmp_path / "members.parquet", tmp_path / "bills.parquet", tmp_path / "columns"))
    found = pq.read_table(tmp_path / "columns" / "decisions.parquet").to_pylist()
    assert [row["payable_fen"] for row in found if row["benefit"] == "not_covered"] == [0]
    assert len({row["setl_id"] for row in found}) == summary.adjudicated


def test_every_adjudicated_bill_stands_in_the_decisions_and_every_undecided_one_in_its_own_file(tmp_path: Path) -> None:
    for plan in (DAZHOU, NANJING, JIANGSU):
        files(tmp_path)
        summary = run(of_plan(tmp_path, plan))
        decided = {row[0] for row in rows(tmp_path / "out" / "decisions.csv")[1:]}
        undecided = {row[0] for row in rows(tmp_path / "out" / "undecided.csv")[1:]}
        assert len(undecided) == summary.undecided
        assert len(decided - undecided) == summary.adjudicated
        assert decided | undecided == {"A", "B", "C", "E"}


def test_a_job_in_parts_and_one_on_a_cluster_say_what_one_part_says(tmp_path: Path) -> None:
    members = "psn_no,cover_from,cover_to\n" + "".join(f"P{n:03},2022-01-01,2022-12-31\n" for n in range(60))
    bills = "".join(
        f"{n},P{n % 60:03},2022-0{n % 9 + 1}-01,{(21, 21, 24)[n % 3]},{n}00.00,{n}0.00\n" for n in range(300)
    )
    files(tmp_path, f"{HEAD}\n{bills}", members)
    one = of_plan(tmp_path, NANJING)
    whole = run(one)
    expected = {path.name: path.read_bytes() for path in one.out.iterdir() if path.is_file()}
    assert whole.undecided == 200
    parts = run(one, rows_per_part=30)
    assert parts == whole
    assert {path.name: path.read_bytes() for path in one.out.iterdir() if path.is_file()} == expected
    assert on_a_cluster(one, tmp_path / "room") == expected["undecided.csv"].decode()


def on_a_cluster(one: Request, room: Path) -> str:
    room.mkdir()
    people, bills = open_members(one.members), open_settlements(one.settlements)
    job = SparkJob(Carrier(), Task.of(one), people, bills, shared_by(people, bills, 2, 5))
    read, left = job.run(str(room))
    assert read == left.sums.adjudicated + left.sums.undecided + left.sums.cancelled + left.sums.refused.total()
    return csv_text([UNDECIDED_COLUMNS]) + zlib.decompress(left.undecided).decode()


def test_frames_are_told_what_is_undecided() -> None:
    members = pa.table({"psn_no": ["wang"], "cover_from": ["2022-01-01"], "cover_to": ["2022-12-31"]})
    bills = pa.table(
        {
            "setl_id": ["A"],
            "psn_no": ["wang"],
            "setl_time": ["2022-03-01"],
            "med_type": ["21"],
            "psn_part_amt": ["100000.00"],
            "fulamt_ownpay_amt": ["0"],
        }
    )
    found = adjudicate(compile_plan(find_plan(DAZHOU).plan), members, bills)
    assert (found.adjudicated, found.undecided_bills, found.decisions.num_rows) == (0, 1, 0)
    assert found.undecided.column_names == list(UNDECIDED_COLUMNS)
    assert found.undecided["benefit"].to_pylist() == ["in_catalogue", "out_of_catalogue", "special_drugs"]


def test_the_account_says_beside_each_sum_on_how_many_bills_it_is_not_known(tmp_path: Path) -> None:
    assert main(["account", NANJING, *files(tmp_path)]) == 3
    head, *lines = rows(tmp_path / "out" / "account.csv")
    assert head[-1] == "undecided"
    of_out = {row[1]: row[-2:] for row in lines if row[0] == "out_of_catalogue"}
    assert of_out == {"A": ("0.00", "2"), "B": ("0.00", "1")}


def test_a_comparison_says_on_how_many_bills_either_plan_is_not_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = files(tmp_path)
    assert main(["adjudicate", JIANGSU, *given, "--compare", NANJING]) == 3
    expected = (tmp_path / "out" / "comparison.csv").read_text("utf-8")
    head, *lines = rows(tmp_path / "out" / "comparison.csv")
    assert head[-2:] == ("undecided_before", "undecided_after")
    found = {row[:2]: row[-2:] for row in lines}
    assert found["plan", ""] == ("3", "0")
    assert found["benefit", "out_of_catalogue"] == ("3", "0")
    assert found["benefit", "in_catalogue"] == ("0", "0")
    assert (found["area", "A"], found["area", "B"]) == (("2", "0"), ("1", "0"))
    after = (tmp_path / "out").rename(tmp_path / "after")
    assert main(["adjudicate", NANJING, *given]) == 3
    capsys.readouterr()
    members = [f"--members={tmp_path}/members.csv", f"--out={tmp_path}/found"]
    assert main(["compare", f"{tmp_path}/out", str(after), *members]) == 0
    assert (tmp_path / "found" / "comparison.csv").read_text("utf-8") == expected
    assert "Undecided bills, whose undecided benefits are in neither sum: 3 before, 0 after" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["none", "None", "无"])
def test_a_file_can_say_that_a_bill_has_no_listed_items(tmp_path: Path, word: str) -> None:
    members = MEMBERS.replace("2022", "2015")
    one, other = "A,wang,2015-12-01,21,50000.00,0", "B,wang,2015-12-02,21,50000.00,0"
    files(tmp_path, f"{HEAD},items\n{one},{word}\n{other},\n", members)
    summary: JobSummary = run(of_plan(tmp_path, SHENZHEN))
    assert (summary.adjudicated, summary.undecided) == (1, 1)
    assert {row[0] for row in rows(tmp_path / "out" / "undecided.csv")[1:]} == {"B"}


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_a_bill_with_a_listed_drug_is_undecided_where_the_rates_are_not_known_wherever_it_stands(
    order: tuple[str, str],
) -> None:
    items = {"A": "D=40000", "B": "none"}
    unknown = Schedule((), None, unknown=("tiers", "nobody says"))
    drugs = BenefitProgram("drugs", "", items_on="drugs", med_types=("21",), schedules=(unknown,))
    lists = (("drugs", (ItemProgram("D", None, None, (), None),)),)
    program = Program("test", YEAR_START, YEAR_END, "settlement", (drugs,), item_lists=lists)
    members = pa.table({"psn_no": ["wang"], "cover_from": ["2022-01-01"], "cover_to": ["2022-12-31"]})
    bills = pa.table(
        {
            "setl_id": list(order),
            "psn_no": ["wang"] * 2,
            "setl_time": [f"2022-03-0{day}" for day in (1, 2)],
            "med_type": ["21"] * 2,
            "psn_part_amt": ["50000.00"] * 2,
            "fulamt_ownpay_amt": ["50000.00"] * 2,
            "items": [items[name] for name in order],
        }
    )
    found = adjudicate(program, members, bills)
    assert (found.undecided["setl_id"].to_pylist(), found.decisions["setl_id"].to_pylist()) == (["A"], ["B"])
    year = adjudicate_year(program, member(), [settlement_from_row(row) for row in bills.to_pylist()])
    assert [one.settlement.setl_id for one in year.undecided] == ["A"]
