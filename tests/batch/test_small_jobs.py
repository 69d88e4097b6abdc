"""A small job is decided bill by bill, and writes the bytes that the job over columns writes."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest import mock

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.crowds import Row, crowd
from cast import JIANGSU
from files.test_fuzz import CSV, cuts, mutated
from huimin.adjudication import BenefitProgram, Program, Schedule
from huimin.adjudication.program import ItemProgram
from huimin.batch import JobSummary, Request, run
from huimin.batch.job import parts, small_jobs
from huimin.batch.job.one_machine import run_by_column
from huimin.batch.job.small_jobs import run_if_small
from huimin.errors import InputError
from huimin.money import LARGEST_FEN, format_yuan
from huimin.terms import find_plan
from properties.whole_plans import whole_programs

PLAN = find_plan(JIANGSU)
MEMBERS = "psn_no,cover_from,cover_to\nP1,2022-01-01,2022-12-31\nP2,2022-01-01,2022-12-31\n"
HEADS = "setl_id,psn_no,setl_time,med_type,psn_part_amt,fulamt_ownpay_amt\n"
Writer = Callable[[Path, Sequence[Row]], Path]


def as_csv(stem: Path, rows: Sequence[Row]) -> Path:
    path = stem.with_suffix(".csv")
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_parquet(stem: Path, rows: Sequence[Row]) -> Path:
    path = stem.with_suffix(".parquet")
    names = dict.fromkeys(name for row in rows for name in row)
    pq.write_table(pa.table({name: [row.get(name, "") for row in rows] for name in names}), path)
    return path


def as_numbered_parquet(stem: Path, rows: Sequence[Row]) -> Path:
    """Ids as whole numbers, some amounts as whole fen."""
    path = stem.with_suffix(".parquet")
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: pa.array([row.get(name, "") for row in rows]) for name in names}
    for name in ("psn_no", "setl_id", "reverses"):
        if name in columns:
            numbers = [int("".join(c for c in text if c.isdigit()) or -1) for text in columns[name].to_pylist()]
            columns[name] = pa.array([None if one < 0 else one for one in numbers], pa.int64())
    pq.write_table(pa.table(columns), path)
    return path


def as_excel(stem: Path, rows: Sequence[Row]) -> Path:
    path = stem.with_suffix(".xlsx")
    names = list(dict.fromkeys(name for row in rows for name in row))
    book = openpyxl.Workbook()
    for cells in (names, *([row.get(name, "") for name in names] for row in rows)):
        book.active.append(cells)  # type: ignore[union-attr]
    book.save(path)
    return path


def results(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())} if out.exists() else {}


def outcome(job: Callable[[Request], JobSummary | None], request: Request) -> object:
    """The summary and the files, or how the job was refused."""
    try:
        summary = job(request)
    except InputError as error:
        return error.code, error.message, results(request.out)
    assert summary is not None, "the job is small"
    return summary, results(request.out)


def assert_alike(members: Path, bills: Path, home: Path) -> None:
    one = Request(PLAN, members, bills, home / "small")
    small = outcome(run_if_small, one)
    large = outcome(lambda request: run_by_column(request, None, 1, None, None), replace(one, out=home / "large"))
    assert small == large


@settings(max_examples=settings.default.max_examples // 2)
@given(
    whole_programs(),
    st.integers(0, 10**9),
    st.sampled_from([as_csv, as_csv, as_parquet, as_numbered_parquet, as_excel]),
    st.sampled_from([as_csv, as_parquet, as_numbered_parquet]),
)
def test_a_small_job_writes_the_bytes_that_the_job_over_columns_writes(
    program: Program, seed: int, write_bills: Writer, write_members: Writer
) -> None:
    """On plans that use everything, with bills that are repeated, reversed, of nobody or cannot be read."""
    random = Random(seed)
    people, facts = crowd(random, 8, 3)
    known = people[:7] + random.choices([{**people[0], "edition": "plus"}, {**people[1], "cover_to": "soon"}], k=2)
    with (
        TemporaryDirectory() as folder,
        mock.patch.object(small_jobs, "compile_plan", return_value=program),
        mock.patch.object(parts, "compile_plan", return_value=program),
    ):
        home = Path(folder)
        assert_alike(write_members(home / "members", known), write_bills(home / "bills", facts), home)


@settings(max_examples=settings.default.max_examples // 2)
@given(st.sampled_from([CSV, CSV.replace(b",", b";"), CSV.decode().encode("utf-16")]), cuts)
def test_a_spoilt_file_is_refused_in_the_same_words_or_decided_alike(
    content: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "m.csv").write_text(MEMBERS, "utf-8")
        (home / "s.csv").write_bytes(mutated(content, changes))
        assert_alike(home / "m.csv", home / "s.csv", home)


@pytest.mark.parametrize(
    "head", ["psn_part_amt_fen,fulamt_ownpay_amt", "psn_part_amt,fulamt_ownpay_amt_fen", "unread,psn_part_amt"]
)
def test_amounts_in_fen_harmless_cells_and_columns_that_nobody_reads_come_out_alike(tmp_path: Path, head: str) -> None:
    members = tmp_path / "m.csv"
    members.write_text(MEMBERS + "'=P3,2022-01-01,2022-12-31\n", "utf-8")
    bills = tmp_path / "s.csv"
    rows = ["S1,P1,2022-03-01,21,3000000,0", "S2,'=P3,2022-03-01,21,3000000,0", "'=S3,P1,2022-03-02,21,100.5,x\x01"]
    bills.write_text(f"setl_id,psn_no,setl_time,med_type,{head}\n" + "\n".join(rows) + "\n", "utf-8")
    assert_alike(members, bills, tmp_path)


def test_a_year_too_large_for_the_columns_is_left_to_them_so_that_they_count_it(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(MEMBERS, "utf-8")
    amount = format_yuan(LARGEST_FEN)
    (tmp_path / "s.csv").write_text(HEADS + "".join(f"S{n},P1,2022-03-01,21,{amount},0\n" for n in range(12)), "utf-8")
    request = Request(PLAN, tmp_path / "m.csv", tmp_path / "s.csv", tmp_path / "out")
    assert run_if_small(request) is None
    assert not request.out.exists()
    assert run(request).members_decided_one_by_one == 1


@pytest.mark.parametrize(("item", "one_by_one"), [("A", 1), ("B", 0), ("X", 0)])
def test_members_with_items_of_a_monthly_limit_are_counted_as_the_columns_count_them(
    tmp_path: Path, item: str, one_by_one: int
) -> None:
    """A has a limit by month, B has none, and X is not on the list."""
    listed = (ItemProgram("A", None, None, (), None, month_limit=100_00), ItemProgram("B", None, None, (), None))
    drugs = BenefitProgram("drugs", "", items_on="list", med_types=("21",), schedules=(Schedule((), ((0, 5_000),)),))
    year = (date(2022, 1, 1), date(2022, 12, 31))
    program = Program("limited", *year, "settlement", (drugs,), item_lists=(("list", listed),))
    (tmp_path / "m.csv").write_text(MEMBERS, "utf-8")
    rows = f"{HEADS.strip()},items\nS1,P1,2022-03-01,21,500.00,0,{item}=300.00\n"
    (tmp_path / "s.csv").write_text(rows, "utf-8")
    with (
        mock.patch.object(small_jobs, "compile_plan", return_value=program),
        mock.patch.object(parts, "compile_plan", return_value=program),
    ):
        assert_alike(tmp_path / "m.csv", tmp_path / "s.csv", tmp_path)
        summary = run(Request(PLAN, tmp_path / "m.csv", tmp_path / "s.csv", tmp_path / "out"))
    assert summary.members_decided_one_by_one == one_by_one


@pytest.mark.parametrize(("rows", "small"), [(3, True), (4, False)])
def test_a_job_is_small_up_to_so_many_rows_of_either_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, small: bool
) -> None:
    """The line of names is one of them in CSV, whose line ends are counted."""
    monkeypatch.setattr(small_jobs, "MOST_ROWS", 4)
    people = "".join(f"P{n},2022-01-01,2022-12-31\n" for n in range(1, rows + 1))
    bills = "".join(f"S{n},P1,2022-03-01,21,1,0\n" for n in range(rows))
    (tmp_path / "people.csv").write_text(MEMBERS.partition("\n")[0] + "\n" + people, "utf-8")
    (tmp_path / "one.csv").write_text(HEADS + "S1,P1,2022-03-01,21,1,0\n", "utf-8")
    (tmp_path / "few.csv").write_text(MEMBERS, "utf-8")
    (tmp_path / "bills.csv").write_text(HEADS + bills, "utf-8")
    for one, other in (("people.csv", "one.csv"), ("few.csv", "bills.csv")):
        request = Request(PLAN, tmp_path / one, tmp_path / other, tmp_path / f"out of {one}")
        assert (run_if_small(request) is not None) == small, one


@pytest.mark.parametrize("asked", [{"account": True}, {"compare": PLAN}])
def test_an_account_or_a_comparison_is_made_by_column(tmp_path: Path, asked: dict[str, object]) -> None:
    (tmp_path / "m.csv").write_text(MEMBERS, "utf-8")
    (tmp_path / "s.csv").write_text(HEADS + "S1,P1,2022-03-01,21,1,0\n", "utf-8")
    request = Request(PLAN, tmp_path / "m.csv", tmp_path / "s.csv", tmp_path / "out", **asked)  # type: ignore[arg-type]
    assert run_if_small(request) is None


@pytest.mark.parametrize(("ending", "never"), [("csv", ["numpy", "pyarrow", "numba"]), ("parquet", ["numba"])])
def test_a_small_job_loads_neither_arrays_nor_a_compiler_that_it_does_not_need(
    tmp_path: Path, ending: str, never: list[str]
) -> None:
    people = [dict(zip(MEMBERS.splitlines()[0].split(","), ["P1", "2022-01-01", "2022-12-31"], strict=True))]
    bill = dict(zip(HEADS.strip().split(","), ["S1", "P1", "2022-03-01", "21", "30000.00", "0.00"], strict=True))
    write = {"csv": as_csv, "parquet": as_parquet}[ending]
    paths = [f"--members={write(tmp_path / 'm', people)}", f"--settlements={write(tmp_path / 's', [bill])}"]
    code = "import sys\nfrom huimin.cli import main\nnever = set(sys.argv[1].split())\n"
    code += "assert main(['adjudicate', *sys.argv[2:]]) == 0\n"
    code += "assert not sys.modules.keys() & never, sys.modules.keys() & never"
    command = [sys.executable, "-c", code, " ".join(never), JIANGSU, *paths, f"--out={tmp_path / 'out'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_command_s_own_process_loads_neither_pandas_nor_scipy(tmp_path: Path) -> None:
    """They are installed here, and PyArrow and Numba would load them."""
    people = [dict(zip(MEMBERS.splitlines()[0].split(","), ["P1", "2022-01-01", "2022-12-31"], strict=True))]
    bill = dict(zip(HEADS.strip().split(","), ["S1", "P1", "2022-03-01", "21", "30000.00", "0.00"], strict=True))
    paths = [f"--members={as_parquet(tmp_path / 'm', people)}", f"--settlements={as_parquet(tmp_path / 's', [bill])}"]
    code = "import sys\nfrom huimin.cli import main\nassert main() == 0\nassert 'numba' in sys.modules\n"
    code += "print([name for name in ('pandas', 'scipy') if sys.modules.get(name) is not None])"
    command = [sys.executable, "-c", code, "adjudicate", JIANGSU, *paths, f"--out={tmp_path / 'out'}", "--memory=4GB"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr
