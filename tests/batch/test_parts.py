"""A job in many parts says what a job in one says, to the byte; and goes on where it was killed."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.test_columns import People, a_city, table
from cast import JIANGSU
from huimin.batch import Request, parse_memory, run
from huimin.batch.job.sharing_out import Chunks, Parts, put_by_part
from huimin.batch.table.identifiers import Names
from huimin.batch.table.keys import MemberIndex, joined_range, keys_of, range_of, repeated_keys
from huimin.batch.table.rows import Rows
from huimin.cli import main
from huimin.errors import InputError
from huimin.settlement import Member
from huimin.settlement.reading import member_to_row, settlement_to_row
from huimin.terms import find_plan
from properties.whole_plans import whole_members, whole_years


def as_csv(path: Path, rows: list[dict[str, str]], *always: str) -> Path:
    names = sorted({name for row in rows for name in row} | {*always})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def request(home: Path, members: list[Member], bills: list[dict[str, str]], plan: str = JIANGSU) -> Request:
    people = as_csv(home / "m.csv", [member_to_row(one) for one in members], "psn_no", "cover_from", "cover_to")
    facts = as_csv(home / "s.csv", bills, "setl_id", "psn_no", "setl_time")
    return Request(find_plan(plan), people, facts, home / "out", find_plan(JIANGSU), account=True)


def results(one: Request, **how: Any) -> dict[str, bytes]:
    run(one, **how)
    found = {str(path.relative_to(one.out)): path.read_bytes() for path in sorted(one.out.rglob("*")) if path.is_file()}
    assert not any(".huimin-job" in name for name in found)
    return found


def a_tangled_city(people: int) -> tuple[list[Member], list[dict[str, str]]]:
    """A city's bills, and rows that concern more than one member: those that must not depend on how they are shared."""
    members, bills = a_city(np.random.default_rng(5), people)
    rows = [settlement_to_row(one) for one in bills]
    first, last = members[0].psn_no, members[-1].psn_no
    plain = {"setl_time": "2022-05-01", "med_type": "21", "psn_part_amt": "60000.00", "fulamt_ownpay_amt": "0"}
    rows += [
        {**plain, "setl_id": "X", "psn_no": first},
        {**plain, "setl_id": "X", "psn_no": last},  # one id for two members
        {**plain, "setl_id": "Y", "psn_no": first},
        {**plain, "setl_id": "Y-R", "psn_no": last, "reverses": "Y"},  # reverses another member's bill
        {**plain, "setl_id": "Z", "psn_no": first},
        {**plain, "setl_id": "Z-R", "psn_no": first, "reverses": "Z"},
        {**plain, "setl_id": "Z-RR", "psn_no": last, "reverses": "Z-R"},  # reverses a reversal
        {**plain, "setl_id": "Z", "psn_no": last},  # and gives the first id again
        {**plain, "setl_id": "S", "psn_no": "nobody"},
        {**plain, "setl_id": "S", "psn_no": "nobody"},
        {**plain, "setl_id": "S-R", "psn_no": first, "reverses": "S"},
        {**plain, "setl_id": "", "psn_no": first},
        {**plain, "setl_id": "x" * 61, "psn_no": last},
        {**plain, "setl_id": "N", "psn_no": ""},
        {**plain, "setl_id": "W", "psn_no": last},
        {**plain, "setl_id": "W", "psn_no": last},  # a repeat, beside its like
    ]
    return members, [rows[place] for place in np.random.default_rng(6).permutation(len(rows))]


@pytest.mark.parametrize("rows_per_part", [7, 400, 1_000_000])
def test_any_number_of_parts_says_of_a_tangled_city_what_one_part_says(tmp_path: Path, rows_per_part: int) -> None:
    members, bills = a_tangled_city(300)
    one = request(tmp_path, members, bills)
    whole = results(one, rows_per_part=10**9)
    assert json.loads(whole["summary.json"])["refused_by_code"]["reverses_other_member"] == 2
    assert results(one, rows_per_part=rows_per_part, threads=3) == whole


@settings(
    max_examples=max(5, settings.default.max_examples // 20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(whole_members(), whole_years()), min_size=2, max_size=4), st.integers(1, 3))
def test_any_number_of_parts_says_of_any_years_what_one_part_says(
    tmp_path_factory: pytest.TempPathFactory, people: People, rows_per_part: int
) -> None:
    """Ids are not told apart by member here, so that they repeat and reverse each other across members."""
    members, bills = [], []
    for number, (one, facts) in enumerate(people):
        members.append(replace(one, psn_no=f"P{number}"))
        bills += [settlement_to_row(replace(fact, psn_no=f"P{number}")) for fact in facts]
    asked = request(tmp_path_factory.mktemp("job"), members, bills)
    assert results(asked, rows_per_part=rows_per_part) == results(asked, rows_per_part=10**9)


@pytest.mark.parametrize("kind", [pa.int64(), pa.string()])
@pytest.mark.parametrize("others", [pa.int64(), pa.string()])
def test_a_part_reads_as_it_was_given(tmp_path: Path, kind: pa.DataType, others: pa.DataType) -> None:
    """Whether a chunk knows all of its members or has strangers, and however wide its numbers are."""
    known, parts = pa.array([11, 12, 14, 15]), Parts(4, 2)
    chunks = [([12, 11, 15, 14], [1, 2, 3, 4]), ([15, 13, 11, 99], [5, 2**40, 7, 8]), ([], []), ([14], [-9])]
    schema = pa.schema({"setl_id": pa.string(), "psn_no": kind, "setl_time": pa.date32(), "x_fen": pa.int64()})
    given: list[dict[str, Any]] = []
    numbers = known.cast(others)
    for place, (people, amounts) in enumerate(chunks):
        columns = {"psn_no": pa.array(people, pa.int64()).cast(kind), "x_fen": pa.array(amounts, pa.int64())}
        columns["setl_id"] = pa.array([f"{place}-{row}" for row in range(len(people))], pa.string())
        columns["setl_time"] = pa.array([19_000 + row for row in range(len(people))], pa.int32()).cast(pa.date32())
        rows = pa.table({name: columns[name] for name in schema.names})
        given += rows.to_pylist()
        by_part = put_by_part(Rows(rows), parts, MemberIndex(Names(numbers)))
        for file in range(parts.files):
            by_part.write(tmp_path / f"{place}-{file}.arrow", file)
    paths = [[tmp_path / f"{place}-{file}.arrow" for file in range(parts.files)] for place in range(len(chunks))]
    files = Chunks(paths, len(given), parts, schema, numbers)
    found = []
    for part in range(parts.count):
        rows, member_of = files.read_part(part, lambda *_: None)
        assert {field.name: field.type for field in rows.table.schema} == {one.name: one.type for one in schema}
        for row, member in zip(rows.table.to_pylist(), member_of.tolist(), strict=True):
            assert member == (known.index(int(row["psn_no"])).as_py())
            found.append(row)
    assert sorted(found, key=lambda row: row["setl_id"]) == sorted(given, key=lambda row: row["setl_id"])
    assert files.rows_at(0, 0, np.array([1])).text(0)["psn_no"] in {"11", "12"}


def as_parquet(home: Path, people: int, *, of_text: bool) -> Request:
    members, bills = a_tangled_city(people)
    pq.write_table(table([member_to_row(one) for one in members]), home / "m.parquet")
    facts = table(bills)
    if of_text:
        fen = pa.array([None if not text else round(float(text) * 100) for text in facts["psn_part_amt"].to_pylist()])
        facts = facts.drop_columns(["psn_part_amt"]).append_column("psn_part_amt_fen", fen)
    (home / "s").mkdir()
    half = len(bills) // 2
    pq.write_table(facts.slice(0, half), home / "s" / "a.parquet", row_group_size=100)
    pq.write_table(facts.slice(half), home / "s" / "b.parquet", row_group_size=100)
    return Request(find_plan(JIANGSU), home / "m.parquet", home / "s", home / "out")


def test_parquet_in_parts_is_a_directory_of_the_same_rows(tmp_path: Path) -> None:
    one = as_parquet(tmp_path, 200, of_text=True)
    run(one, rows_per_part=10**9)
    assert (one.out / "decisions.parquet").is_file()
    whole, refused = pq.read_table(one.out / "decisions.parquet"), (one.out / "refused.csv").read_bytes()
    run(one, rows_per_part=100)
    assert (one.out / "decisions.parquet").is_dir()
    found = pq.read_table(one.out / "decisions.parquet")
    assert found.to_pydict() == whole.to_pydict()
    assert (one.out / "refused.csv").read_bytes() == refused
    run(one, rows_per_part=10**9)
    assert (one.out / "decisions.parquet").is_file()


def a_job(one: Request, rows_per_part: int) -> subprocess.Popen[bytes]:
    """The job in a process of its own, which says when a part is done, and takes its time over each."""
    program = """
import sys, time
from pathlib import Path
from huimin.batch import Request, run
from huimin.terms import find_plan
def say(step, done, of):
    print(step, done, of, flush=True)
    time.sleep(0.02)
plan, rows, *paths = sys.argv[1:]
one = Request(find_plan(plan), *map(Path, paths))
run(one, rows_per_part=int(rows), threads=2, progress=say)
"""
    given = [JIANGSU, str(rows_per_part), str(one.members), str(one.settlements), str(one.out)]
    return subprocess.Popen([sys.executable, "-c", program, *given], stdout=subprocess.PIPE)


@pytest.mark.parametrize("killed_at", ["reading ", "deciding 1 ", "deciding 9 "])
def test_a_killed_job_goes_on_and_ends_in_the_same_bytes(tmp_path: Path, killed_at: str) -> None:
    one = as_parquet(tmp_path, 300, of_text=True)
    expected = results(one, rows_per_part=60)
    for path in sorted(one.out.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    process = a_job(one, 60)
    assert process.stdout is not None
    for line in process.stdout:
        if line.decode().startswith(killed_at):
            process.send_signal(signal.SIGKILL)
            break
    assert process.wait(60) == -signal.SIGKILL
    process.stdout.close()
    assert [path.name for path in one.out.iterdir()] == [".huimin-job"]  # no result is there yet
    room = one.out / ".huimin-job"
    done = {path.name: path.stat().st_mtime_ns for path in room.glob("part-*.json")}
    first = [*room.glob("chunk-*.00.arrow")]
    assert not first or killed_at != "deciding 9 "  # what is decided was taken away
    assert (
        first or {"part-00000.json", "part-00001.json"} <= done.keys()
    )  # and nothing else, however late it was killed
    assert results(one, rows_per_part=60) == expected
    assert bool(done) == (killed_at != "reading ")


def test_what_a_killed_job_had_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huimin.batch.job import one_machine as local

    one = as_parquet(tmp_path, 200, of_text=False)
    decided: list[int] = []
    decide = local.decide_part

    def at_most(count: int) -> Callable[..., Any]:
        def some(*given: Any, **named: Any) -> Any:
            if len(decided) == count:
                raise KeyboardInterrupt
            decided.append(1)
            return decide(*given, **named)

        return some

    monkeypatch.setattr(local, "decide_part", at_most(3))
    with pytest.raises(KeyboardInterrupt):
        run(one, rows_per_part=100, threads=1)
    monkeypatch.setattr(local, "decide_part", at_most(10**6))
    decided.clear()
    parts = -(-sum(len(pq.read_table(path)) for path in one.settlements.iterdir()) // 100)
    run(one, rows_per_part=100, threads=1)
    assert len(decided) == parts - 3


def test_work_on_other_files_is_begun_anew(tmp_path: Path) -> None:
    members, bills = a_tangled_city(30)
    one = request(tmp_path, members, bills)
    room = one.out / ".huimin-job"
    room.mkdir(parents=True)
    (room / "manifest.json").write_text("{}")
    (room / "part-00000.json").write_text("not of this job")
    assert results(one) == results(one)


def test_two_jobs_do_not_write_in_one_place(tmp_path: Path) -> None:
    members, bills = a_tangled_city(5)
    one = request(tmp_path, members, bills)
    (one.out / ".huimin-job").mkdir(parents=True)
    with (one.out / ".huimin-job" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="another job is writing") as refused:
            run(one)
    assert refused.value.code == "busy_out"


def test_a_file_of_empty_lines_has_no_bills(tmp_path: Path) -> None:
    one = request(tmp_path, a_tangled_city(5)[0], [])
    with one.settlements.open("a", encoding="utf-8") as file:
        file.write("\n" * 50)
    found = json.loads(results(one, rows_per_part=10)["summary.json"])
    assert (found["rows_read"], found["adjudicated"], found["refused"]) == (0, 0, 0)


def test_a_fault_late_in_a_file_leaves_nothing_behind(tmp_path: Path) -> None:
    members, bills = a_tangled_city(50)
    one = request(tmp_path, members, bills)
    with one.settlements.open("a", encoding="utf-8") as file:
        file.write("x" + "," * 60 + "x\n")
    with pytest.raises(InputError, match="has more fields than the first line"):
        run(one, rows_per_part=50)
    assert not one.out.exists()


def test_a_damaged_page_inside_a_parquet_file_leaves_nothing_behind(tmp_path: Path) -> None:
    one = as_parquet(tmp_path, 100, of_text=False)
    path = one.settlements / "b.parquet"
    content = bytearray(path.read_bytes())
    content[200:3000] = os.urandom(2800)
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        run(one, rows_per_part=50)
    assert not one.out.exists()


@pytest.mark.parametrize(("text", "size"), [("800MB", 800 * 10**6), ("4gb", 4 * 10**9)])
def test_an_amount_of_memory_is_read_in_either_unit(text: str, size: int) -> None:
    assert parse_memory(text) == size


@pytest.mark.parametrize("text", ["4", "GB", "-1GB", "4 GB", "4TB", "1.5GB", ""])
def test_what_is_no_amount_of_memory_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="expected an amount of memory such as") as refused:
        parse_memory(text)
    assert refused.value.code == "bad_memory"


def test_too_little_memory_is_said_before_the_job_begins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members, bills = a_tangled_city(5)
    one = request(tmp_path, members, bills)
    files = ["--members", f"{one.members}", "--settlements", f"{one.settlements}", "--out", f"{one.out}"]
    assert main(["adjudicate", JIANGSU, *files, "--memory", "10MB"]) == 2
    assert "found 10 MB of memory for 5 members; expected" in capsys.readouterr().err
    assert not one.out.exists()


@pytest.mark.parametrize("kind", [pa.int64(), pa.string()])
@pytest.mark.parametrize("apart", [1, 15, 10**9])
def test_keys_find_every_repeat_and_no_other(kind: pa.DataType, apart: int) -> None:
    """Numbers that lie close together have a bit each, others share bits by chance."""
    rng = np.random.default_rng(3)
    numbers = rng.permutation(np.concatenate((np.arange(20_000), np.arange(0, 20_000, 777), np.arange(5)))) * apart
    parts = [keys_of(Names(pa.array(chunk).cast(kind))) for chunk in np.array_split(numbers, 7)]
    repeated = repeated_keys(lambda: [*parts, keys_of(Names(pa.array([], kind)))], len(numbers))
    again = {number * apart for number in (*range(0, 20_000, 777), *range(5))}
    assert sorted(repeated) == sorted(keys_of(Names(pa.array(sorted(again)).cast(kind))))
    assert not len(repeated_keys(list, 0))
    within = joined_range([range_of(keys) for keys in parts])
    assert sorted(repeated_keys(lambda: parts, len(numbers), within)) == sorted(repeated)


@pytest.mark.parametrize("kinds", [(pa.int64(), pa.int64()), (pa.string(), pa.string()), (pa.int64(), pa.string())])
@pytest.mark.parametrize(("least", "most"), [(5, 900), (5, 20), (-(2**63), 2**63 - 1)])
def test_members_are_found_whatever_their_numbers_are(
    kinds: tuple[pa.DataType, pa.DataType], least: int, most: int
) -> None:
    """Numbers close together have a table of places; others, and texts, one of keys."""
    numbers, asked = pa.array([least, 7, 7, 12, most]), pa.array([7, least, 8, most, None, 12, 6])
    index = MemberIndex(Names(numbers.cast(kinds[0])))
    assert index.places_of(Names(asked.cast(kinds[1]))).tolist() == [1, 0, -1, 4, -1, 3, -1]
    asked = pa.array([7, 5, 3, 900, None, 12])
    assert MemberIndex(Names(pa.array([], kinds[0]))).places_of(Names(asked.cast(kinds[1]))).tolist() == [-1] * 6
