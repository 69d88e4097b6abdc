"""`make bench-plans`: a year's bills under every plan of the catalogue, the invented data of `make bench-batch`.

The bills lie in the plan's own year and say all that some plan of the catalogue asks for. A plan of which a deductible
or a rate is not known decides what it can.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from batch import make_data
from huimin.batch import adjudicate_files
from huimin.terms import find_plan, plan_names

BASE = date(2022, 1, 1)
"""Where the bills' year begins as they are made."""
ITEM_TEXTS = 5_000
BATCH = 1 << 20


def extended(home: Path, to: Path, plan: str) -> None:
    """The data of `make_data`, moved to the plan's year, with what its terms may ask for."""
    terms, rng = find_plan(plan).plan, np.random.default_rng(11)
    shift = (terms.cover.first_day - BASE).days
    editions = [one.id for one in terms.edition] or ["standard"]
    members = pq.read_table(home / "members.parquet")
    count = len(members)
    for place, name in ((1, "cover_from"), (2, "cover_to")):
        members = members.set_column(place, name, _moved(members[name], shift))
    drawn = {"insutype": ["310", "390"], "edition": editions, "claim_free_years": [0, 1, 2]}
    for name, values in drawn.items():
        members = members.append_column(name, _drawn(rng, values, count))
    pq.write_table(members, to / "members.parquet")
    bills = pq.ParquetFile(home / "bills.parquet")
    items = [f"D{n:04}={n}.00" for n in range(1, ITEM_TEXTS)] + ["car-t=1200000.00"]
    drawn = {"hosp_lv": ["1", "2", "3"], "ward": ["ordinary"], "insu_settled": ["1", "1", "0"], "items": items}
    writer = None
    for batch in bills.iter_batches(BATCH):
        table = pa.Table.from_batches([batch])
        table = table.set_column(1, "setl_time", _moved(table["setl_time"], shift))
        for name, values in drawn.items():
            table = table.append_column(name, _drawn(rng, values, len(table)))
        writer = writer or pq.ParquetWriter(to / "bills.parquet", table.schema, compression="snappy")
        writer.write_table(table)
    assert writer is not None
    writer.close()


def _moved(days: pa.ChunkedArray, shift: int) -> pa.Array:
    numbers = days.combine_chunks().cast(pa.int32()).to_numpy()
    return pa.array(numbers + np.int32(shift), pa.int32()).cast(pa.date32())


def _drawn(rng: np.random.Generator, values: list[object], count: int) -> pa.Array:
    return pa.array(values).take(pa.array(rng.integers(0, len(values), count)))


def decide(home: Path, plan: str) -> None:
    start = time.perf_counter()
    found = adjudicate_files(find_plan(plan), home / "members.parquet", home / "bills.parquet", home / "out")
    refused = sum(found.refused_by_code.values())
    print(json.dumps([time.perf_counter() - start, found.adjudicated, refused, found.payable]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--plans", nargs="+", default=list(plan_names()))
    parser.add_argument("--home", type=Path, help="decide the data there, as one process of the benchmark does")
    options = parser.parse_args()
    if options.home:
        decide(options.home, options.plans[0])
        return
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, {date.today()}")
    print(f"{options.lines:,} bills; {'plan':30} {'s':>6} {'M bills/s':>9} {'decided':>12} {'refused':>10} yuan")
    with tempfile.TemporaryDirectory() as folder:
        make_data(Path(folder), options.lines)
        for plan in options.plans:
            with tempfile.TemporaryDirectory() as place:
                extended(Path(folder), Path(place), plan)
                os.sync()  # the disk would be busy with the data while decisions are written
                command = [sys.executable, __file__, "--home", place, "--plans", plan]
                told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
            seconds, decided, refused, payable = json.loads(told)
            print(
                f"{plan:44} {seconds:6.1f} {options.lines / seconds / 1e6:9.2f} {decided:12,} {refused:10,} {payable}"
            )


if __name__ == "__main__":
    main()
