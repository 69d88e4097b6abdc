"""`make mutation-platform`: breaks the platform a little at a time, and counts what its tests do not notice.

A sample of all mutants of six contexts is drawn by a seed. It is today's date unless one is given (--seed 20261127):
each night tries others, and any night can be tried again. The run stops after 45 minutes (--minutes). It prints the
killed and the survivors by context, and writes the survivors' differences to var/mutation-platform.txt.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from mutants.drawing import CONTEXTS, Platform  # noqa: E402
from mutants.session import Outcome, Plan, Warm  # noqa: E402

WANTED = 0.9
_KILLED = ("killed", "timeout")
_COUNTED = (*_KILLED, "survived", "untested")


def main() -> int:
    given = arguments()
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    os.chdir(ROOT)
    platform = Platform(ROOT)
    mutants = platform.drawn(given.seed, tuple(given.contexts.split(",")))
    mutants = [one for one in mutants if any(part in one.name for part in given.only.split(","))]
    print(f"seed {given.seed}: {len(mutants)} mutants, until {given.minutes} minutes are over", flush=True)
    ends_at = time.monotonic() + 60 * given.minutes
    warm = Warm(Plan(ROOT, mutants, platform, ends_at, given.most, given.any_map, given.at_once))
    status = pytest.main([*given.tests.split(","), "-s", "-p", "no:cacheprovider"], plugins=[warm])
    if not warm.outcomes:
        print(f"no mutant was tried; pytest ended with {status}")
        return 1
    return report(given.seed, warm)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=int(f"{date.today():%Y%m%d}"))
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--most", type=int, default=100_000, help="so many mutants at most")
    parser.add_argument("--contexts", default=",".join(CONTEXTS))
    parser.add_argument("--only", default="", help="mutants with one of these in their name (path:line) only")
    parser.add_argument("--tests", default="tests/platform")
    parser.add_argument("--at-once", type=int, default=2, help="processes")
    parser.add_argument("--any-map", action="store_true", help="use the map of tests that is there, even if it is old")
    return parser.parse_args()


def report(seed: int, warm: Warm) -> int:
    """Print the figures and write the survivors. Returns 0 if nine in ten were killed."""
    print(f"\n{'context':<12} {'killed':>7} {'survived':>9} {'killed %':>9}")
    counts = Counter((one.mutant.context, one.became in _KILLED) for one in warm.outcomes if one.became in _COUNTED)
    for context in sorted({context for context, _ in counts}):
        line(context, counts[context, True], counts[context, False])
    killed = sum(number for (_, dead), number in counts.items() if dead)
    line("all", killed, sum(counts.values()) - killed)
    for title, names in faults(warm).items():
        print(f"{title}: {len(names)}")
        print("".join(f"  {name}\n" for name in names), end="")
    alive = sorted((one for one in warm.outcomes if one.became not in _KILLED), key=lambda one: one.mutant.name)
    (ROOT / "var").mkdir(exist_ok=True)
    text = "\n\n".join([f"seed {seed}", *(words(one) for one in alive)])
    (ROOT / "var" / "mutation-platform.txt").write_text(text + "\n", "utf-8")
    return 0 if killed >= WANTED * sum(counts.values()) else 1


def line(context: str, killed: int, survived: int) -> None:
    share = 100 * killed / (killed + survived) if killed + survived else 0
    print(f"{context:<12} {killed:>7} {survived:>9} {share:>9.1f}")


def faults(warm: Warm) -> dict[str, Sequence[str]]:
    """What the tool could not do, which counts neither as killed nor as survived."""
    return {
        "mutants that could not be tried": [f"{o.mutant.name}: {o.by}" for o in warm.outcomes if o.became == "fault"],
        "tests that fail here without any mutant, and were left out": warm.not_passing,
    }


def words(outcome: Outcome) -> str:
    left = f" ({outcome.left_out} long tests were not run)" if outcome.left_out else ""
    return f"{outcome.became}{left}: {outcome.mutant.words}"


if __name__ == "__main__":
    sys.exit(main())
