"""`make bench-actuarial`: the actuary's desk on a city, each piece of work in a process of its own.

Besides: what a whole year may cost, by the desk's transform, by plain simulation, and by the library `aggregate` where
`make test-oracles` has installed it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

PLAN = "jiangsu/yihuibao-1/2022"
MILLION = 1_000_000
ORACLES = Path(__file__).parent.parent / ".oracles" / "bin" / "python"


def best(work: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


def city() -> dict[str, float]:
    from huimin.actuarial.city import build_city

    return {"seconds": best(lambda: build_city(3 * MILLION, 1).year(0), 1)}


def one_design() -> dict[str, float]:
    from huimin.actuarial.city import build_city
    from huimin.actuarial.populations import city_history
    from huimin.adjudication import compile_plan
    from huimin.terms import find_plan

    program = compile_plan(find_plan(PLAN).plan)
    history = city_history(build_city(3 * MILLION, 1), program)

    def price() -> float:
        return float(history.paid(program).sum()) / 100 / len(history.members)

    return {"first": best(price, 1), "seconds": best(price, 5), "bills": len(history.bills)}


def selection() -> dict[str, float]:
    from huimin.actuarial.city import build_city
    from huimin.actuarial.market import build_market, renew
    from huimin.actuarial.market.risks import expected_risks
    from huimin.adjudication import compile_plan
    from huimin.terms import find_plan

    people = build_city(MILLION, 1)
    risk = expected_risks(people, compile_plan(find_plan(PLAN).plan))
    market = build_market(people, risk, 60.0, 0.4)
    return {"seconds": best(lambda: renew(market, 60.0, 10), 3)}


def designs() -> dict[str, float]:
    from huimin.actuarial.city import build_city
    from huimin.actuarial.design import Search, search
    from huimin.terms.loading import plan_texts

    people = build_city(MILLION, 1)
    return {"seconds": best(lambda: search(plan_texts(PLAN), people, Search(1_000, 1, 0.1, 1e6)), 1)}


def losses() -> object:
    """What 30,000 members were paid in a city's year, yuan; and how many of 3 million such members are expected."""
    import numpy as np

    rng = np.random.default_rng(1)
    return np.minimum(np.exp(9 + 1.4 * rng.standard_normal(30_000)), 1_000_000.0)


def transform() -> dict[str, float]:
    from huimin.actuarial.aggregate import compound_poisson

    given = losses()
    found = compound_poisson(30_000, given)  # type: ignore[arg-type]
    return {
        "seconds": best(lambda: compound_poisson(30_000, given), 3),  # type: ignore[arg-type]
        "mean": found.mean,
        "worst_in_200": found.value_at_risk(0.995),
    }


def simulation() -> dict[str, float]:
    import numpy as np

    given = losses()

    def simulate() -> np.ndarray:
        rng = np.random.default_rng(2)
        counts = rng.poisson(30_000, 2_000)
        return np.array([rng.choice(given, count).sum() for count in counts])  # type: ignore[arg-type]

    years = simulate()
    return {"seconds": best(simulate, 1), "mean": float(years.mean()), "worst_in_200": float(np.quantile(years, 0.995))}


def library() -> dict[str, float]:
    """The same by `aggregate`, its severity written with `!`: otherwise it would be a conditional one."""
    import numpy as np
    from aggregate import build

    spread = 1.4
    text = f"agg Year 30000 claims 1000000 xs 0 sev {np.exp(9)} * lognorm {spread} ! poisson"

    def work() -> object:
        return build(text, bs=4096, log2=18)

    found = work()
    return {"seconds": best(work, 3), "mean": float(found.agg_m), "worst_in_200": float(found.q(0.995))}  # type: ignore[attr-defined]


WORK = {one.__name__: one for one in (city, one_design, selection, designs, transform, simulation, library)}
WORDS = {
    "city": "3 million people and a year of their bills drawn",
    "one_design": "one plan decided on 3 million members in memory",
    "selection": "1 million people, 10 years of joining and renewing",
    "designs": "1,000 designs on 1 million people",
    "transform": "a year of 30,000 claims: the desk, by transform",
    "simulation": "the same, 2,000 years simulated with NumPy",
    "library": "the same, the library aggregate",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", nargs="?", choices=WORK)
    asked = parser.parse_args().work
    if asked is not None:
        found = WORK[asked]()
        found["gigabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(json.dumps(found))
        return
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {PLAN}\n")
    print("| work | seconds | memory, GB | |\n|---|---|---|---|")
    for name in WORK:
        python = str(ORACLES) if name == "library" else sys.executable
        if not Path(python).exists():
            print(f"| {WORDS[name]} | not installed: make test-oracles | | |")
            continue
        done = subprocess.run([python, __file__, name], capture_output=True, text=True, check=False, timeout=1_800)
        if done.returncode:
            print(f"| {WORDS[name]} | failed: {done.stderr.strip().splitlines()[-1][:80]} | | |")
            continue
        said = json.loads(done.stdout.strip().splitlines()[-1])
        rest = ", ".join(f"{key} {value:,.4g}" for key, value in said.items() if key not in ("seconds", "gigabytes"))
        print(f"| {WORDS[name]} | {said['seconds']:.2f} | {said['gigabytes']:.2f} | {rest} |", flush=True)


if __name__ == "__main__":
    main()
