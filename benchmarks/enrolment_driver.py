"""One run of `make bench-enrolment`: people order and pay, and a look into the database says when each policy is there.

It is a process of its own on the same cores. Everything is signed when it is sent, as parties outside do, and what is
answered 503 is sent again after the seconds that the answer names.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from online_driver import BILLS, Connection, bill_body, notice_request, order_body, signed_request

LOOK_EVERY = 0.1
"""Seconds between two looks for policies: what is found is counted as found then, so up to so much too late."""
LAST_LOOK = 90.0
"""Whoever has no policy so many seconds after the last payment is counted as lost."""
_ISSUED = (
    "SELECT o.reference FROM enrolment_order o JOIN enrolment_orderline l ON l.order_id = o.id "
    "JOIN enrolment_policy p ON p.order_line_id = l.id WHERE o.city_id = %s AND o.reference = ANY(%s)"
)
_CITY = "SELECT id FROM foundation_city WHERE code = 'bench'"


@dataclass(frozen=True)
class Asked:
    """What the run is. `rate` orders a second are begun, evenly; 0: as many as the connections allow."""

    port: int
    kind: str
    seconds: float
    first: int
    rate: float
    connections: int
    url: str


@dataclass
class Run:
    """What came of it so far, in seconds of the clock."""

    asked: Asked
    workload: dict[str, Any]
    times: dict[str, list[float]] = field(default_factory=lambda: {"order": [], "notice": [], "policy": []})
    unpaid: dict[str, float] = field(default_factory=dict)
    """When the notice of each payment was sent that was acknowledged, and whose policy was not seen yet."""
    begun: int = 0
    refused: int = 0
    errors: int = 0
    longest_queue: int = 0
    over: bool = False
    last_seen: float = 0.0

    async def send(self, connection: Connection, made: Callable[[], bytes], what: str, due: float) -> bytes:
        """The answer, asked for until it is none of being overloaded. Each try is counted by its own time."""
        while True:
            status, body = await connection.send(made())
            if status != 503:
                break
            self.refused += 1
            wait = connection.header("retry-after")
            self.errors += wait is None
            await asyncio.sleep(float(wait or 1))
            due = time.perf_counter()
        self.times[what].append(time.perf_counter() - due)
        self.errors += status != 200
        return body

    async def row(self, connection: Connection, number: int, due: float) -> None:
        members, random = self.workload["members"], Random(number)
        body = bill_body(f"S{number}", members[number % len(members)], random)
        key = self.workload["hospital"]
        await self.send(connection, lambda: signed_request(key, BILLS["one row"], f"s{number}", body), "order", due)

    async def enrol(self, connection: Connection, number: int, due: float) -> None:
        body, key = order_body(self.workload["joiners"][number]), self.workload["channel"]
        order = lambda: signed_request(key, "/api/v1/orders", f"o{number}", body)  # noqa: E731
        placed = json.loads(await self.send(connection, order, "order", due))
        if "reference" not in placed:
            return
        paid = time.perf_counter()
        await self.send(connection, lambda: notice_request(self.workload["payment_key"], placed), "notice", paid)
        self.unpaid[placed["reference"]] = paid

    async def watch(self) -> None:
        """Note when policies are there, until every payment that was acknowledged has its own."""
        ended = 0.0
        async with await psycopg.AsyncConnection.connect(self.asked.url, autocommit=True) as database:
            ((city,),) = await (await database.execute(_CITY)).fetchall()
            while not self.over or self.unpaid:
                await asyncio.sleep(LOOK_EVERY)
                found = await (await database.execute(_ISSUED, [city, list(self.unpaid)])).fetchall()
                now = time.perf_counter()
                self.longest_queue = max(self.longest_queue, len(self.unpaid))
                for (reference,) in found:
                    self.times["policy"].append(now - self.unpaid.pop(reference))
                    self.last_seen = now
                ended = ended or (now if self.over else 0.0)
                if ended and now - ended > LAST_LOOK:
                    return

    def numbers(self, start: float) -> Iterator[tuple[int, float]]:
        """The number of each job, and when it is due, until the time is over."""
        asked = self.asked
        most = len(self.workload["joiners"]) if asked.kind == "orders" else sys.maxsize
        while True:
            due = start + self.begun / asked.rate if asked.rate else time.perf_counter()
            if due >= start + asked.seconds:
                return
            if asked.first + self.begun >= most:
                raise SystemExit(f"found {most} people to enrol; expected more for a run of {asked.seconds} s")
            self.begun += 1
            yield asked.first + self.begun - 1, due

    async def go(self) -> dict[str, Any]:
        asked = self.asked
        opened = [Connection(*await asyncio.open_connection("127.0.0.1", asked.port)) for _ in range(asked.connections)]
        work, start = (self.enrol if asked.kind == "orders" else self.row), time.perf_counter()
        waiting = self.numbers(start)

        async def lane(connection: Connection) -> None:
            for number, due in waiting:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                await work(connection, number, due)

        watching = asyncio.create_task(self.watch())
        await asyncio.gather(*(lane(connection) for connection in opened))
        ended, self.over = time.perf_counter(), True
        await watching
        completed = len(self.times["policy"]) if asked.kind == "orders" else len(self.times["order"])
        seconds = max(self.last_seen, ended) - start
        return {
            "begun": self.begun,
            "completed": completed,
            "seconds": seconds,
            "per_second": completed / seconds,
            "refused": self.refused,
            "errors": self.errors,
            "lost": len(self.unpaid),
            "longest_queue": self.longest_queue,
            "ms": {what: quantiles(found) for what, found in self.times.items()},
        }


def quantiles(seconds: list[float]) -> dict[str, float]:
    """In milliseconds; 0 where nothing was measured."""
    ordered = sorted(seconds) or [0.0]
    found = {f"p{p}": 1000 * ordered[min(len(ordered) - 1, len(ordered) * p // 100)] for p in (50, 99)}
    return {**found, "max": 1000 * ordered[-1]}


def main() -> None:
    asked = Asked(**json.loads(sys.argv[1]))
    workload = json.loads(Path(sys.argv[2]).read_text("utf-8"))["workload"]
    print(json.dumps(asyncio.run(Run(asked, workload).go())))


if __name__ == "__main__":
    main()
