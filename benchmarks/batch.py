"""`make bench-batch`: a year's bills decided end to end, beside other ways to compute the same payments.

Bills and members are invented and seeded: 3.02 million members (fewer where there are fewer than sixteen bills each),
bills in no order, Parquet compressed with snappy. The plan is Jiangsu 2022, three benefits. Every contender runs in a
process of its own on a warm cache, reads the same files, writes its decisions, and must come to the same sum.

huimin and duckdb-rows write the same rows: one for each bill and benefit with base, deductible, excess and payment. The
others write one row a bill with its payments, or, duckdb-totals, only those of members who passed a deductible.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

PLAN = "jiangsu/yihuibao-1/2022"
MEMBERS = 3_020_000
LIMIT = 100_000_000
CUT = "CASE WHEN pre_existing = 1 AND continuous_years = 0 THEN 1000 ELSE 0 END"
BENEFITS = ((1_000_000, (6_500, 7_700)), (2_000_000, (5_500, 6_700)), (5_000_000, (4_500, 4_500)))
"""Deductible in fen, and the rates up to and above 100,000 yuan of excess: the plan's own numbers, for the rivals."""
STEP = 10_000_000


def make_data(home: Path, lines: int) -> None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng, count = np.random.default_rng(7), min(MEMBERS, max(1, lines // 16))
    numbers = np.arange(count) + 10**9
    pq.write_table(
        pa.table(
            {
                "psn_no": numbers,
                "cover_from": pa.array([date(2022, 1, 1)]).take(pa.array(np.zeros(count, np.int64))),
                "cover_to": pa.array([date(2022, 12, 31)]).take(pa.array(np.zeros(count, np.int64))),
                "pre_existing": rng.integers(0, 2, count),
                "continuous_years": rng.integers(0, 3, count),
            }
        ),
        home / "members.parquet",
    )
    schema = None
    writer = None
    ids = rng.permutation(lines)
    for first in range(0, lines, 1 << 22):
        size = min(1 << 22, lines - first)
        personal = np.minimum(np.round(rng.lognormal(8.2, 1.7, size) * 100), 10**10).astype(np.int64)
        table = pa.table(
            {
                "psn_no": rng.integers(0, count, size) + 10**9,
                "setl_time": np.datetime64("2022-01-01", "D") + rng.integers(0, 365, size),
                "setl_id": ids[first : first + size],
                "psn_part_amt_fen": personal,
                "fulamt_ownpay_amt_fen": (personal * rng.random(size) * 0.3).astype(np.int64),
                "med_type": np.full(size, 21, np.int16),
            }
        )
        if writer is None:
            schema = table.schema
            writer = pq.ParquetWriter(home / "bills.parquet", schema, compression="snappy")
        writer.write_table(table, row_group_size=1 << 20)
    assert writer is not None
    writer.close()


def huimin(home: Path, out: Path) -> int:
    """The command, as it runs in a process of its own."""
    from huimin.cli import main

    files = [f"--members={home}/members.parquet", f"--settlements={home}/bills.parquet", f"--out={out}/huimin"]
    sys.argv = ["huimin", "adjudicate", PLAN, *files]
    with contextlib.redirect_stdout(sys.stderr):
        assert main() == 0
    summary = json.loads((out / "huimin" / "summary.json").read_text("utf-8"))
    return int(summary["payable"].replace(".", ""))


def spark(home: Path, out: Path) -> int:
    """The same job on local[2]; needs what `make test-spark` installs."""
    from huimin.batch.spark.cluster_job import SparkRequest, run_on_spark
    from huimin.terms import find_plan

    request = SparkRequest(find_plan(PLAN), f"{home}/members.parquet", f"{home}/bills.parquet", f"{out}/spark")
    return int(run_on_spark(request, master="local[2]").payable.replace(".", ""))


def _tiers(excess: str, rates: tuple[int, int]) -> str:
    low, high = rates
    exact = f"least({excess}, {STEP}) * ({low} - cut) + greatest({excess} - {STEP}, 0) * ({high} - cut)"
    return f"least(({exact} + 5000) // 10000, {LIMIT})"


def _windows(home: Path, members: str = "") -> str:
    """Payments p1 to p3 of every bill, with cumulated bases c1 to c3, by window functions. Common table expressions."""
    window = "(PARTITION BY psn_no ORDER BY setl_time, setl_id ROWS UNBOUNDED PRECEDING)"
    cumulative = ", ".join(f"sum(b{n}) OVER w AS c{n}" for n in (1, 2))
    pays = [f"{_pays(n)} AS p{n}" for n in (1, 2)]
    return f"""
    WITH s AS (SELECT psn_no, setl_time, setl_id, psn_part_amt_fen - fulamt_ownpay_amt_fen AS b1,
                      fulamt_ownpay_amt_fen AS b2, {CUT} AS cut
               FROM '{home}/bills.parquet' JOIN '{home}/members.parquet' USING (psn_no) {members}),
    c AS (SELECT *, {cumulative} FROM s WINDOW w AS {window}),
    p AS (SELECT *, {", ".join(pays)} FROM c),
    r AS (SELECT *, b1 + b2 - p1 - p2 AS b3 FROM p),
    q AS (SELECT *, sum(b3) OVER w AS c3 FROM r WINDOW w AS {window}),
    """


def _pays(n: int) -> str:
    deductible, rates = BENEFITS[n - 1]
    after, before = f"greatest(c{n}::BIGINT - {deductible}, 0)", f"greatest(c{n}::BIGINT - b{n} - {deductible}, 0)"
    return f"{_tiers(after, rates)} - {_tiers(before, rates)}"


def _duckdb(query: str, target: Path, total: str) -> int:
    import duckdb as engine

    connection = engine.connect()
    connection.execute(f"SET threads = {os.cpu_count()}")
    connection.execute(f"SET temp_directory = '{target.parent}/duckdb.tmp'")
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION snappy)")
    (found,) = connection.execute(f"SELECT {total}::BIGINT FROM '{target}'").fetchone() or (0,)
    return int(found)


def duckdb(home: Path, out: Path) -> int:
    query = f"{_windows(home)} z AS (SELECT setl_id, psn_no, p1, p2, {_pays(3)} AS p3 FROM q) FROM z"
    return _duckdb(query, out / "duckdb.parquet", "sum(p1 + p2 + p3)")


def duckdb_rows(home: Path, out: Path) -> int:
    """The rows and columns that huimin writes."""
    names = ("in_catalogue", "out_of_catalogue", "residual")
    lines = []
    for n, name in enumerate(names, 1):
        deducted = f"least(b{n}, greatest({BENEFITS[n - 1][0]} - (c{n}::BIGINT - b{n}), 0))"
        lines.append(
            f"{{benefit: '{name}', base: b{n}, deductible: {deducted}, excess: b{n} - {deducted}, payable: p{n}}}"
        )
    z = f"z AS (SELECT *, {_pays(3)} AS p3 FROM q)"
    query = f"{_windows(home)} {z} SELECT setl_id, psn_no, unnest([{', '.join(lines)}], recursive := true) FROM z"
    return _duckdb(query, out / "duckdb-rows.parquet", "sum(payable)")


def duckdb_totals(home: Path, out: Path) -> int:
    """Only members whose totals passed a deductible: no other is paid anything. Nothing is written of them."""
    first, second, third = (deductible for deductible, _ in BENEFITS)
    passed = f"""WHERE psn_no IN (SELECT psn_no FROM '{home}/bills.parquet' GROUP BY psn_no
        HAVING sum(psn_part_amt_fen - fulamt_ownpay_amt_fen) > {first}
            OR sum(fulamt_ownpay_amt_fen) > {second} OR sum(psn_part_amt_fen) > {third})"""
    query = f"{_windows(home, passed)} z AS (SELECT setl_id, psn_no, p1, p2, {_pays(3)} AS p3 FROM q) FROM z"
    return _duckdb(query, out / "duckdb-totals.parquet", "sum(p1 + p2 + p3)")


def polars(home: Path, out: Path) -> int:
    import polars as pl

    def paid(base: str, deductible: int, rates: tuple[int, int]) -> pl.Expr:
        after = pl.col(base).cum_sum().over("psn_no")

        def tiers(cumulative: pl.Expr) -> pl.Expr:
            excess = pl.max_horizontal(cumulative - deductible, 0)
            low = pl.min_horizontal(excess, STEP) * (rates[0] - pl.col("cut"))
            high = pl.max_horizontal(excess - STEP, 0) * (rates[1] - pl.col("cut"))
            return pl.min_horizontal((low + high + 5000) // 10000, LIMIT)

        return tiers(after) - tiers(after - pl.col(base))

    cut = (
        pl.when((pl.col("pre_existing") == 1) & (pl.col("continuous_years") == 0)).then(1000).otherwise(0).alias("cut")
    )
    members = pl.scan_parquet(home / "members.parquet").select("psn_no", cut)
    found = (
        pl.scan_parquet(home / "bills.parquet")
        .join(members, on="psn_no")
        .sort("psn_no", "setl_time", "setl_id")
        .with_columns(
            b1=pl.col("psn_part_amt_fen") - pl.col("fulamt_ownpay_amt_fen"), b2=pl.col("fulamt_ownpay_amt_fen")
        )
        .with_columns(p1=paid("b1", *BENEFITS[0]), p2=paid("b2", *BENEFITS[1]))
        .with_columns(b3=pl.col("psn_part_amt_fen") - pl.col("p1") - pl.col("p2"))
        .with_columns(p3=paid("b3", *BENEFITS[2]))
        .select("setl_id", "psn_no", "p1", "p2", "p3")
        .collect()
    )
    found.write_parquet(out / "polars.parquet", compression="snappy")
    return int(found.select((pl.col("p1") + pl.col("p2") + pl.col("p3")).sum()).item())


def loop(home: Path, out: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    people = pq.read_table(home / "members.parquet", columns=["psn_no", "pre_existing", "continuous_years"]).to_pydict()
    cuts = {number: 1000 if ill and not years else 0 for number, ill, years in zip(*people.values(), strict=True)}
    columns = ["psn_no", "setl_time", "setl_id", "psn_part_amt_fen", "fulamt_ownpay_amt_fen"]
    rows = sorted(zip(*pq.read_table(home / "bills.parquet", columns=columns).to_pydict().values(), strict=True))
    member, total, paid = None, 0, []
    for number, _, name, personal, outside in rows:
        if number != member:
            member, sums = number, [0, 0, 0]
        left, pays = personal, []
        for n, (deductible, (low, high)) in enumerate(BENEFITS):
            base = (personal - outside, outside, left)[n]
            pay = 0
            for sign in (-1, 1):
                sums[n] += base if sign > 0 else 0
                excess = max(0, sums[n] - deductible)
                exact = min(excess, STEP) * (low - cuts[number]) + max(0, excess - STEP) * (high - cuts[number])
                pay += sign * min((exact + 5000) // 10000, LIMIT)
            left -= pay
            pays.append(pay)
        paid.append((name, *pays))
        total += sum(pays)
    names = ("setl_id", "p1", "p2", "p3")
    pq.write_table(pa.table(dict(zip(names, map(list, zip(*paid, strict=True)), strict=True))), out / "loop.parquet")
    return total


CONTENDERS: dict[str, Callable[[Path, Path], int]] = {
    "huimin": huimin,
    "duckdb-rows": duckdb_rows,
    "duckdb": duckdb,
    "duckdb-totals": duckdb_totals,
    "polars": polars,
    "spark": spark,
    "loop": loop,
}
MOST_LINES = {"loop": 2_000_000, "polars": 20_000_000, "spark": 50_000_000}
"""More than these take too long, or more memory than there is."""


def one_run(name: str, home: Path, out: Path) -> dict[str, float]:
    """Run in a process of its own; seconds count from reading the first file to writing the last.

    First the disk takes what others wrote: it would be busy with theirs while this one writes its own.
    """
    os.sync()
    command = [sys.executable, __file__, "--contender", name, "--home", str(home), "--out", str(out)]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return found


def _apart(*arguments: str) -> None:
    """In a process of its own: what this one has ever held would count as its children's largest size."""
    subprocess.run([sys.executable, __file__, *arguments], check=True)


def contend(name: str, home: Path, out: Path) -> None:
    start = time.perf_counter()
    payable = CONTENDERS[name](home, out)
    seconds = time.perf_counter() - start
    # With what it started, as Spark does its Java: the largest of them.
    uses = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    memory = max(uses) / 1024**2
    sys.stdout.write(json.dumps({"seconds": seconds, "payable": payable, "gigabytes": memory}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=CONTENDERS)
    parser.add_argument("--make", type=int, metavar="LINES", help="only make the data")
    parser.add_argument("--contender", choices=CONTENDERS)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.make:
        make_data(options.home, options.make)
        return
    if options.contender:
        contend(options.contender, options.home, options.out)
        return
    print(
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, {date.today()}", flush=True
    )
    subprocess.run([sys.executable, str(Path(__file__).with_name("batch_steps.py"))], check=True)
    print(f"{'lines':>12} {'contender':>13} {'best s':>8} {'median s':>9} {'M lines/s':>10} {'GB':>6}")
    for lines in options.lines:
        with tempfile.TemporaryDirectory() as folder:
            home, sums = Path(folder), set()
            _apart("--make", str(lines), "--home", folder)
            names = [
                name
                for name in CONTENDERS
                if lines <= MOST_LINES.get(name, lines) and (not options.only or name in options.only)
            ]
            for name in names:
                one_run(name, home, home)  # warms the file cache, and compiles what is compiled once
            # In turn, so that a machine that others slow down for minutes slows all of them.
            rounds = [{name: one_run(name, home, home) for name in names} for _ in range(options.runs)]
            for name in names:
                found = [one[name] for one in rounds]
                sums |= {one["payable"] for one in found}
                best, memory = min(one["seconds"] for one in found), max(one["gigabytes"] for one in found)
                median = statistics.median(one["seconds"] for one in found)
                print(f"{lines:>12,} {name:>13} {best:>8.2f} {median:>9.2f} {lines / best / 1e6:>10.2f} {memory:>6.1f}")
            assert len(sums) == 1, f"the contenders do not agree: {sums}"


if __name__ == "__main__":
    main()
