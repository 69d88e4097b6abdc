"""`make bench-enrolment`: completed orders a second, from order over payment to a policy with number and postings.

The server runs as `huimin serve` runs it, with two web workers and everybody who works on the queue, beside the
sandboxes of the parties outside, PostgreSQL and the driver: all on the same cores. Two references are measured in the
same run. *One row*: the same server answers a signed POST by the same way in, and inserts one row. *Alone*: PostgreSQL
gets the statements of recorded orders from a plain client. Prints a table for docs/performance.md.

An order names one person, who was confirmed by the bureau within a day, so that it calls no door. The payment company
is the driver, which sends its signed notice. The message to the payer goes out afterwards, by the queue.

BENCH_SECONDS (15) of each run, BENCH_HOLD (0) seconds more at four fifths with the first size, BENCH_SIZES (20000)
policies in the table, separated by commas: the first are loaded, further ones are added by SQL. BENCH_ALONE (2000)
orders for the database alone. BENCH_MOST (450) orders a second for which people are made.
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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from online import HERE, analyse, postgresql, served

SECONDS = float(os.environ.get("BENCH_SECONDS", "15"))
HOLD = float(os.environ.get("BENCH_HOLD", "0"))
SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "20000").split(",")]
ALONE = int(os.environ.get("BENCH_ALONE", "2000"))
_MOST_A_SECOND = int(os.environ.get("BENCH_MOST", "450"))
"""For so many orders a second there are people enough."""
_WARM = 5.0
_CONNECTIONS, _EVEN_CONNECTIONS, _TOO_MANY = 8, 64, 600
_GATEWAYS = {"PAYMENT_GATEWAY": "payment-company", "BUREAU": "bureau", "MESSAGE_GATEWAY": "message-gateway"}
_KINDS = ("granian", "enrolment_driver", "sandbox", "messages-", "jobs-", "orders-", "issuing-", "seals", "postgres")
_TICKS = 100.0


@dataclass
class Bench:
    port: int
    url: str
    workload: Path
    environment: dict[str, str]
    used: int = 0
    """How many of the people have been enrolled."""

    def run(self, kind: str, seconds: float, rate: float = 0.0, connections: int = _CONNECTIONS) -> dict[str, Any]:
        asked = {"port": self.port, "kind": kind, "seconds": seconds, "first": self.used, "rate": rate}
        asked |= {"connections": connections, "url": self.url}
        command = [sys.executable, str(HERE / "enrolment_driver.py"), json.dumps(asked), str(self.workload)]
        result = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        found: dict[str, Any] = json.loads(result.stdout)
        self.used += found["begun"]
        return found

    def of_city(self, what: str, *more: str) -> str:
        command = [sys.executable, str(HERE / "enrolment_city.py"), what, *more]
        return subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True).stdout


@contextlib.contextmanager
def sandboxes(environment: dict[str, str], keys: dict[str, str]) -> Iterator[dict[str, str]]:
    """The parties outside, as `huimin serve --demonstration` starts them: what the server needs to find them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {**environment, "HUIMIN_SANDBOX_KEYS": json.dumps(keys)}
    command = [sys.executable, "-m", "huimin.sandbox", "--port", str(port)]
    process = subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield {f"HUIMIN_{name}": f"http://127.0.0.1:{port}/{path}" for name, path in _GATEWAYS.items()}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def cpu() -> Counter[str]:
    """Seconds of work so far by kind of process; empty where there is no /proc."""
    found: Counter[str] = Counter()
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (place / "cmdline").read_text("utf-8", "replace").replace("\0", " ")
            spent = (place / "stat").read_text("utf-8").rsplit(")", 1)[1].split()[11:13]
            kind = next((kind for kind in _KINDS if kind in command), "")
            if kind:
                found[kind.strip("-")] += sum(map(int, spent)) / _TICKS
    return found


def wait_for_seals() -> None:
    """What was loaded is sealed first: else those who seal would be busy with it while orders are measured."""
    for _ in range(60):
        before = cpu()["seals"]
        time.sleep(3.0)
        if cpu()["seals"] - before < 0.3:
            return


def print_row(what: str, size: int, found: dict[str, Any], share: str = "") -> None:
    times = [
        f"{one['p50']:.0f} / {one['p99']:.0f}" if one["max"] else ""
        for one in (found["ms"]["order"], found["ms"]["notice"], found["ms"]["policy"])
    ]
    counted = [found["refused"], found["errors"], found["lost"]]
    rate = f"{found['per_second']:.0f}"
    print(f"| {what} | {size:,} | {rate} | {share} | {' | '.join([*times, *map(str, counted)])} |", flush=True)


def measure(bench: Bench, size: int) -> float:
    """All runs with so many policies in the table. Returns the rate at full load."""
    bench.run("rows", _WARM)
    bench.run("orders", _WARM)
    analyse(bench.url)
    row = bench.run("rows", SECONDS)
    print_row("one row", size, row)
    before = cpu()
    full = bench.run("orders", SECONDS)
    spent = cpu() - before
    print_row("orders, full load", size, full, f"{full['per_second'] / row['per_second']:.2f}")
    even = bench.run("orders", SECONDS, 0.8 * full["per_second"], _EVEN_CONNECTIONS)
    print_row("at four fifths", size, even)
    if HOLD and size == SIZES[0]:
        print_row(f"held {HOLD:.0f} s", size, bench.run("orders", HOLD, 0.8 * full["per_second"], _EVEN_CONNECTIONS))
    print_row("beyond capacity", size, bench.run("orders", SECONDS, 2 * full["per_second"], _TOO_MANY))
    each = {kind: 1000 * seconds / full["completed"] for kind, seconds in spent.most_common()}
    print(
        f"\nCPU, ms an order at full load: {', '.join(f'{kind} {ms:.2f}' for kind, ms in each.items())}\n", flush=True
    )
    return float(full["per_second"])


def alone(bench: Bench) -> float:
    """Orders a second that the database alone would do."""
    command = [sys.executable, str(HERE / "enrolment_replay.py"), str(bench.workload), bench.url, str(ALONE)]
    result = subprocess.run(command, env=bench.environment, stdout=subprocess.PIPE, text=True, check=True)
    return float(json.loads(result.stdout)["per_second"])


def print_messages(url: str) -> None:
    import psycopg

    with psycopg.connect(url) as database:
        rows = database.execute("SELECT status, count(*) FROM tasks_task WHERE kind = 'notice' GROUP BY 1").fetchall()
    print(f"messages of policies at the end: {', '.join(f'{count:,} {status}' for status, count in sorted(rows))}")


def main() -> None:
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"PostgreSQL, runs of {SECONDS:.0f} s after {_WARM:.0f} s to warm up; load average before: {load}\n")
    with postgresql() as url, tempfile.TemporaryDirectory() as home:
        keys = {f"HUIMIN_{key}": secrets.token_hex(32) for key in ("SECRET_KEY", "DATA_KEY", "PAYMENT_KEY")}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HUIMIN_")}
        here = os.pathsep.join([str(HERE), str(HERE.parent / "src")])
        environment = {**kept, **keys, "HUIMIN_HOME": home, "DATABASE_URL": url, "PYTHONPATH": here}
        environment |= {"DJANGO_SETTINGS_MODULE": "online_settings", "HUIMIN_REQUESTS_OF_CLIENT": "2000"}
        bench = Bench(0, url, Path(home) / "workload.json", environment)
        people = int(((6 * SECONDS + _WARM) * len(SIZES) + HOLD) * _MOST_A_SECOND)
        bench.of_city("load", str(bench.workload), str(SIZES[0]), str(people))
        content = json.loads(bench.workload.read_text("utf-8"))
        found = alone(bench) if ALONE else 0.0
        bench.used = ALONE
        bench.of_city("faults", f"{home}/faults.json")
        print("| run | policies before | a second | of one row | ms of the answer to the order, p50 / p99 ", end="")
        print("| to the notice | payment to policy | answered 503 | errors | lost |")
        print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
        outside = sandboxes(environment, content["sandbox_keys"])
        with outside as gateways, served({**environment, **gateways}) as bench.port:
            wait_for_seals()
            for size in SIZES:
                if size != SIZES[0]:
                    bench.of_city("grow", str(size))
                rate = measure(bench, size)
                if size == SIZES[0]:
                    print(f"alone: {found:.0f} a second, of which this is {rate / (found or 1):.2f}")
                    new = bench.of_city("check", f"{home}/faults.json").strip()
                    print(f"the books after this: {new or 'nothing that was not so before'}\n", flush=True)
            print_messages(url)
        statements = content["statements"]
        print(f"statements: {statements['order']} of an order, {statements['payment notice']} of a notice")


if __name__ == "__main__":
    main()
