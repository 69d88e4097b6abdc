"""What this machine allows: the steps of a year decided by column, each alone, on data that is there already.

Nobody can be quicker than their sum who reads, sorts, decides and writes the same: a job's speed is to be held against
it, and against the rivals of the same run, rather than against another machine's.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import numpy as np

from batch import PLAN, make_data
from huimin.adjudication import compile_plan
from huimin.batch.decide import by_column as columns
from huimin.batch.decide.kernel import decide_members
from huimin.batch.files.sources import open_members, open_settlements
from huimin.batch.job.memory import kept_memory
from huimin.batch.job.parts import Task, decide_part, write_decisions
from huimin.batch.table.fact_columns import Members
from huimin.batch.table.gathering import gathered
from huimin.terms import find_plan

LINES = 1 << 19
"""As many as a part has."""
RUNS = 12

Step = Callable[[], object]


def main() -> None:
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder, kept_memory(), ThreadPoolExecutor(cores) as pool:
        home = Path(folder)
        make_data(home, LINES)
        mine = [_steps(home, core) for core in range(cores)]
        each = {name: _nanoseconds(pool, [steps[name] for steps in mine]) for name in mine[0]}
        alone = _nanoseconds(pool, [mine[0]["kernel"]])
    told = ", ".join(f"{name} {found:.0f}" for name, found in each.items())
    print(f"the steps alone, {cores} cores, nanoseconds a bill: {told};", end=" ")
    print(f"one after the other {1000 / sum(each.values()):.1f} million bills/s")
    print(f"the kernel alone, one core: {1000 / alone:.1f} million bills/s, three benefits each")


def _steps(home: Path, core: int) -> dict[str, Step]:
    """The steps on arrays of one core's own, as the job takes them: none is made ready inside a step."""
    members, bills = Members(open_members(home / "members.parquet").read()), open_settlements(home / "bills.parquet")
    rows = bills.read()
    terms = find_plan(PLAN).plan
    with mock.patch.object(columns, "decide_members", side_effect=decide_members) as kernel:
        decisions = decide_part(Task(compile_plan(terms), terms.cover.first_day), members, rows).decisions
    given = kernel.call_args.args
    number, day = (rows.table.column(name).to_numpy().astype(np.int64) for name in ("psn_no", "setl_time"))
    key = (number - number.min()) << 40 | (day - day.min()) << 20 | np.arange(LINES)
    order = np.argsort(key)
    return {
        "scan": bills.read,
        "sort": lambda: np.sort(key),
        "gather": lambda: gathered(rows.table, order),
        "kernel": lambda: decide_members(*given),
        "write": lambda: write_decisions(home / f"{core}.parquet", decisions, header=False),
    }


def _nanoseconds(pool: ThreadPoolExecutor, steps: list[Step]) -> float:
    """Of a bill, the steps run side by side; the best of several runs."""
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for done in [pool.submit(step) for step in steps]:
            done.result()
        seconds.append(time.perf_counter() - start)
    return min(seconds) * 1e9 / (LINES * len(steps))


if __name__ == "__main__":
    main()
