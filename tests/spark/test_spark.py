"""The job on Spark says what it says on one machine: `make test-spark`, which installs PySpark and needs Java."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from batch.test_packed_parquet import numbers_and_codes, written
from batch.test_parts import a_tangled_city, as_csv, as_parquet
from cast import JIANGSU
from huimin.batch import Request, run
from huimin.cli import main
from huimin.settlement.reading import member_to_row
from huimin.terms import find_plan

pytestmark = pytest.mark.spark


def city(home: Path, people: int) -> list[str]:
    """A tangled city in Parquet; the arguments that name its files."""
    one = as_parquet(home, people, of_text=True)
    return ["--members", str(one.members), "--settlements", str(one.settlements)]


def lines(out: Path) -> list[tuple[Any, ...]]:
    """Decisions in one order, as texts and numbers."""
    found = pq.read_table(out / "decisions.parquet")
    names = ["setl_id", "psn_no", "benefit", "base_fen", "deductible_applied_fen", "excess_fen", "payable_fen"]
    assert found.column_names == names
    return sorted(zip(*(map(str, found[name].to_pylist()) for name in names), strict=True))


def assert_alike(here: Path, there: Path, *more: str) -> None:
    assert lines(here) == lines(there)
    for name in ("refused.csv", *more):
        assert (here / name).read_bytes() == (there / name).read_bytes(), name
    summaries = [json.loads((out / "summary.json").read_text("utf-8")) for out in (here, there)]
    assert [summary.pop("engine") for summary in summaries] == ["local", "spark"]
    assert summaries[0] == summaries[1]
    assert sorted(path.name for path in there.iterdir() if not path.name.endswith(".crc")) == sorted(
        path.name for path in here.iterdir()
    )


def test_spark_says_the_same_of_a_tangled_city(tmp_path: Path) -> None:
    files = city(tmp_path, 400)
    here, there = tmp_path / "here", tmp_path / "there"
    compare = ["--compare", JIANGSU]
    assert main(["adjudicate", JIANGSU, *files, *compare, "--out", str(here)]) == 3
    spark = ["--engine", "spark", "--master", "local[2]"]
    assert main(["adjudicate", JIANGSU, *files, *compare, "--out", str(there), *spark]) == 3
    assert_alike(here, there, "comparison.csv")


def test_spark_makes_the_account_of_csv_files_that_one_machine_makes(tmp_path: Path) -> None:
    members, bills = a_tangled_city(60)
    m = as_csv(tmp_path / "m.csv", [member_to_row(one) for one in members], "psn_no")
    s = as_csv(tmp_path / "s.csv", bills, "setl_id")
    files = ["--members", str(m), "--settlements", str(s)]
    here, there = tmp_path / "here", tmp_path / "there"
    assert main(["account", JIANGSU, *files, "--out", str(here)]) == 3
    assert main(["account", JIANGSU, *files, "--out", str(there), "--engine", "spark", "--master", "local[2]"]) == 3
    assert (here / "account.csv").read_bytes() == (there / "account.csv").read_bytes()
    assert (here / "refused.csv").read_bytes() == (there / "refused.csv").read_bytes()


def test_spark_names_undecided_bills_as_one_machine_does(tmp_path: Path) -> None:
    members, bills = a_tangled_city(60)
    m = as_csv(tmp_path / "m.csv", [member_to_row(one) for one in members], "psn_no")
    s = as_csv(tmp_path / "s.csv", bills, "setl_id")
    files = ["nanjing/ninghuibao/2022", "--members", str(m), "--settlements", str(s)]
    here, there = tmp_path / "here", tmp_path / "there"
    assert main(["adjudicate", *files, "--out", str(here)]) == 3
    assert main(["adjudicate", *files, "--out", str(there), "--engine", "spark", "--master", "local[2]"]) == 3
    assert (here / "undecided.csv").read_bytes() == (there / "undecided.csv").read_bytes()
    assert (here / "undecided.csv").read_bytes().count(b"out_of_catalogue") > 50


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda files: [*files[:3], "/nowhere/at/all"], "expected .csv, .xlsx, .parquet or a directory of Parquet"),
        (lambda files: [*files[:2], "--settlements", files[1]], "the columns setl_id, setl_time are missing"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Any, words: str
) -> None:
    files = change(city(tmp_path, 5))
    spark = ["--engine", "spark", "--master", "local[1]"]
    assert main(["adjudicate", JIANGSU, *files, "--out", str(tmp_path / "out"), *spark]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_spark_reads_what_was_packed(tmp_path: Path) -> None:
    """Beside the readers of tests/batch/test_packed_parquet.py."""
    from pyspark.sql import SparkSession

    table = numbers_and_codes([-(2**63), 2**63 - 1, *range(400)], ["in_catalogue", "目录内", ""])
    path = written(tmp_path / "x.parquet", table)
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        rows = [tuple(row) for row in spark.read.parquet(str(path)).collect()]
    finally:
        spark.stop()
    assert rows == list(zip(*table.to_pydict().values(), strict=True))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def a_process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of Spark's own servers, with the processes that it starts; stopped by its id."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_DAEMON_MEMORY": "256m",
    }
    command = [str(home / "bin" / "spark-class"), *arguments]
    log = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """With the executors that a worker has started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


def wait_for(what: str, ready: Any, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"no {what} within {seconds} seconds"
        time.sleep(0.1)


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_a_cluster_that_loses_a_worker_says_the_same(tmp_path: Path) -> None:
    """A master and two workers in processes of their own; one is killed while parts are decided."""
    files = city(tmp_path, 30_000)
    here, there = tmp_path / "here", tmp_path / "there"
    paths = [Path(files[1]), Path(files[3])]
    run(Request(find_plan(JIANGSU), *paths, here), rows_per_part=20_000)
    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    deploy = "org.apache.spark.deploy"
    web = ["--webui-port", "0"]
    where = ["--host", "127.0.0.1"]
    work = tmp_path / "work"
    worker = [f"{deploy}.worker.Worker", *where, *web, "-c", "1", "-m", "1g", "-d", str(work), master]
    with (
        a_process(f"{deploy}.master.Master", *where, "--port", str(port), *web),
        a_process(*worker) as first,
        a_process(*worker),
    ):
        wait_for("master", lambda: listens(port))
        program = """
import sys
from huimin.batch.spark.cluster_job import SparkRequest, run_on_spark
from huimin.terms import find_plan
plan, members, settlements, out, master = sys.argv[1:]
run_on_spark(SparkRequest(find_plan(plan), members, settlements, out), master=master, parts=40)
"""
        given = [JIANGSU, files[1], files[3], str(there), master]
        environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
        job = subprocess.Popen([sys.executable, "-c", program, *given], env=environment)
        try:
            wait_for("file of a decided part", lambda: any(there.glob(".huimin-job-*/part-*.parquet")), 300)
            assert job.poll() is None, "the job was over before a worker could be lost"
            kill(first)
            assert job.wait(300) == 0
        finally:
            job.kill()
            job.wait(30)
    assert_alike(here, there)
    executors = [path for path in work.glob("app-*/*") if re.fullmatch(r"\d+", path.name)]
    assert len(executors) >= 2
