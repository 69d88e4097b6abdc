"""Rows refused by column are those that would be refused one by one, in one order, written as single rows are."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import JIANGSU
from huimin.adjudication import compile_plan
from huimin.batch import Request
from huimin.batch.decide import putting_aside, refusals
from huimin.batch.decide.refusals import Refusals, read_refusals, write_refusals, write_refused_file
from huimin.batch.decide.result_rows import REFUSED_COLUMNS, csv_text, refusal_row
from huimin.batch.job.one_machine import run_by_column
from huimin.batch.table.asked_columns import lacking_columns
from huimin.cli import main
from huimin.errors import Refusal
from huimin.terms import find_plan

texts = st.sampled_from(["S1", "S10", "S2", "", "=S", "'x", "a,b", 'say "no"', "two\nlines", "a\rb", "惠民", "+1.5"])
refused = st.lists(st.builds(Refusal, texts, st.sampled_from(["duplicate", "bad_date"]), texts), max_size=12)


@given(st.lists(refused, min_size=1, max_size=4), st.sampled_from([1, 3, 1 << 19]))
def test_refused_rows_of_several_parts_are_written_in_one_order_as_single_rows_are(
    parts: list[list[Refusal]], at_once: int
) -> None:
    expected = csv_text([REFUSED_COLUMNS], sorted(refusal_row(one) for part in parts for one in part))
    tables = []
    for part in parts:
        found = Refusals(part[::2])
        columns = zip(*map(refusal_row, part[1::2]), strict=True) if part[1::2] else ([], [], [])
        found.add_rows(*(pa.array(list(column), pa.string()) for column in columns))
        assert (len(found), found.by_code().total()) == (len(part), len(part))
        tables.append(found.table())
    with mock.patch.object(refusals, "_AT_ONCE", at_once), TemporaryDirectory() as folder:
        path = Path(folder, "refused.csv")
        write_refused_file(path, tables, threads=2)
        assert path.read_bytes().decode() == expected


def test_a_part_s_refusals_are_the_same_when_they_are_read_again(tmp_path: Path) -> None:
    table = Refusals([Refusal("S2", "bad_date", "b"), Refusal("S1", "duplicate", "a")]).table()
    write_refusals(tmp_path / "r.arrow", table)
    assert read_refusals(tmp_path / "r.arrow").equals(table)
    assert table.column("setl_id").to_pylist() == ["S1", "S2"]


MEMBERS = "psn_no,cover_from,cover_to\nP1,2022-01-01,2022-12-31\n"


@pytest.mark.parametrize("name", ["gone", "O'Neil", "back\\slash", "惠民", "a\tb"])
def test_a_stranger_is_named_as_python_writes_the_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "m.csv").write_text(MEMBERS, "utf-8")
    rows = "".join(f"S{n},{name},2022-03-01,21,1.00,0\n" for n in range(3))
    (tmp_path / "s.csv").write_text(
        "setl_id,psn_no,setl_time,med_type,psn_part_amt,fulamt_ownpay_amt\n" + rows, "utf-8"
    )
    summary = run_by_column(Request(find_plan(JIANGSU), tmp_path / "m.csv", tmp_path / "s.csv", tmp_path / "out"))
    text = (tmp_path / "out" / "refused.csv").read_text("utf-8")
    if name == "a\tb":
        assert summary.refused_by_code == {"bad_text": 3}
    else:
        said = [(f"S{n}", "unknown_member", f"the members file has no psn_no {name!r}") for n in range(3)]
        assert text == csv_text([REFUSED_COLUMNS], said)


def test_bills_that_are_refused_for_one_reason_are_asked_about_once(tmp_path: Path) -> None:
    """All lack the person's part, on two days each of which is inside the cover."""
    (tmp_path / "m.csv").write_text(MEMBERS, "utf-8")
    rows = "".join(f"S{n},P1,2022-03-0{1 + n % 2},21,\n" for n in range(50))
    (tmp_path / "s.csv").write_text("setl_id,psn_no,setl_time,med_type,psn_part_amt\n" + rows, "utf-8")
    with mock.patch.object(putting_aside, "needed_amounts", side_effect=putting_aside.needed_amounts) as asked:
        summary = run_by_column(Request(find_plan(JIANGSU), tmp_path / "m.csv", tmp_path / "s.csv", tmp_path / "out"))
    assert summary.refused_by_code == {"missing_amount": 50}
    assert asked.call_count == 1


def test_a_column_that_the_terms_ask_for_and_the_file_lacks_is_said_before_the_job_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.csv").write_text(MEMBERS, "utf-8")
    (tmp_path / "s.csv").write_text("setl_id,psn_no,setl_time,med_type,psn_part_amt\nS1,P1,2022-03-01,21,1\n", "utf-8")
    files = [f"--members={tmp_path}/m.csv", f"--settlements={tmp_path}/s.csv", f"--out={tmp_path}/out"]
    said = (
        "The settlements have no column fulamt_ownpay_amt, for which the benefits in_catalogue, out_of_catalogue ask: "
        "bills on which it matters will be refused (missing_amount).\n"
    )
    for way in ([], ["--memory=4GB"]):
        assert main(["adjudicate", JIANGSU, *files, *way]) == 3
        assert capsys.readouterr().err == said


def test_columns_that_are_there_in_yuan_or_in_fen_or_that_no_term_asks_for_are_not_missed() -> None:
    program = compile_plan(find_plan(JIANGSU).plan)
    assert lacking_columns(program, ["psn_no"], ["med_type", "psn_part_amt_fen", "fulamt_ownpay_amt"]) == []
    shanghai = compile_plan(find_plan("shanghai/huhuibao/2025").plan)
    found = lacking_columns(shanghai, [], ["med_type", "psn_part_amt", "fulamt_ownpay_amt", "ward", "insu_settled"])
    assert [sentence.split(",")[0] for sentence in found][:1] == ["The settlements have no column hosp_lv"]
    assert "The members have no column edition, for which the terms of shanghai/huhuibao/2025 ask" in found[-1]
