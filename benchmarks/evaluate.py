"""`make bench-evaluate`: ten bills of a member-year decided and explained, the catalogue loaded. The quickest runs."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from huimin.adjudication import adjudicate, compile_plan, explain
from huimin.settlement import Member, Settlement
from huimin.terms import find_plan, plan_names

SLICES = 60
PLAN = "jiangsu/yihuibao-1/2022"
AMOUNTS = {
    "medfee_sumamt": 60_000_00,
    "fund_pay_sumamt": 30_000_00,
    "psn_part_amt": 30_000_00,
    "fulamt_ownpay_amt": 5_000_00,
}


def best(work: Callable[[], object], times: int) -> float:
    """Microseconds a call."""
    found = []
    for _ in range(SLICES):
        start = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - start) / times * 1e6)
    return min(found)


def main() -> None:
    plan = find_plan(PLAN).plan
    program = compile_plan(plan)
    wang = Member("wang", plan.cover.first_day, plan.cover.last_day)
    first = datetime(2022, 1, 1)
    bills = [Settlement(f"S{n}", "wang", first + timedelta(days=30 * n), "21", AMOUNTS) for n in range(10)]

    def explained() -> None:
        for decision in adjudicate(program, wang, bills).decisions:
            explain(program, decision)

    def from_terms() -> None:
        compile_plan(plan)
        explained()

    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {PLAN}\n")
    print("| work | microseconds |\n|---|---|")
    print(f"| evaluate ten bills | {best(lambda: adjudicate(program, wang, bills), 30):.0f} |")
    print(f"| evaluate and explain ten bills | {best(explained, 20):.0f} |")
    print(f"| compile, evaluate and explain ten bills | {best(from_terms, 20):.0f} |")
    everything = best(lambda: [find_plan(name) for name in plan_names()], 1)
    print(f"| load the catalogue, {len(plan_names())} plan years | {everything:.0f} |")


if __name__ == "__main__":
    main()
