"""Drives signed requests over loopback HTTP from a process of its own, over a few keep-alive connections.

Everything that can be signed is signed before the clock starts, so that the driver takes little of the two cores.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

Key = tuple[str, str]
BILLS = {"settlement": "/api/v1/settlements", "one row": "/api/v1/bench/rows"}
"""Where a bill is sent. The second address is the reference's: it inserts one row and knows nothing of bills."""


def bill_body(setl_id: str, psn_no: str, random: Random, *, large: bool = False) -> bytes:
    """A bill with all parts. Two in three pass the deductible, so that money is posted."""
    personal = random.randint(300_000, 6_000_000) if not large else 6_000_000
    self_funded = personal // 10
    funds = personal * 2
    amounts = {
        "medfee_sumamt": personal + funds,
        "fulamt_ownpay_amt": self_funded,
        "overlmt_selfpay": 0,
        "preselfpay_amt": personal // 20,
        "inscp_scp_amt": personal + funds - self_funded - personal // 20,
        "fund_pay_sumamt": funds,
        "psn_part_amt": personal,
        "acct_pay": personal // 2,
        "psn_cash_pay": personal - personal // 2,
    }
    fields = {"setl_id": setl_id, "psn_no": psn_no, "setl_time": "2022-02-14 10:00:00", "med_type": "21"}
    return json.dumps({**fields, **{n: f"{a // 100}.{a % 100:02d}" for n, a in amounts.items()}}).encode()


def order_body(person: Sequence[str]) -> bytes:
    who = {"id_number": person[0], "name": person[1]}
    order = {"applicant": who, "insured": [{**who, "relation": "self"}], "terms_opened": True}
    return json.dumps(order, ensure_ascii=False).encode()


def signed_request(key: Key, path: str, idempotency_key: str, body: bytes) -> bytes:
    timestamp = str(int(time.time()))
    content = "\n".join(["POST", path, timestamp, idempotency_key, hashlib.sha256(body).hexdigest()])
    signature = hmac.new(key[1].encode(), content.encode(), hashlib.sha256).hexdigest()
    headers = {
        "Idempotency-Key": idempotency_key,
        "X-Huimin-Client": key[0],
        "X-Huimin-Timestamp": timestamp,
        "X-Huimin-Signature": signature,
    }
    return _request(path, headers, body)


def notice_request(payment_key: str, order: dict[str, Any]) -> bytes:
    notice = {
        "notice_id": f"n-{order['reference']}",
        "reference": order["reference"],
        "status": "paid",
        "amount": order["total"],
        "transaction": f"t-{order['reference']}",
    }
    body = json.dumps(notice).encode()
    signature = hmac.new(payment_key.encode(), body, hashlib.sha256).hexdigest()
    return _request("/api/v1/payments/bench/sandbox/notices", {"X-Payment-Signature": signature}, body)


def _request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def split_request(request: bytes) -> tuple[str, str, dict[str, str], bytes]:
    head, body = request.split(b"\r\n\r\n", 1)
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    return method, path, dict(line.split(": ", 1) for line in lines[1:]), body


class Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.head = b""
        """Of the last answer."""

    async def send(self, request: bytes) -> tuple[int, bytes]:
        self.writer.write(request)
        self.head = head = await self.reader.readuntil(b"\r\n\r\n")
        return int(head[9:12]), await self.reader.readexactly(int(self.header("content-length") or 0))

    def header(self, name: str) -> str | None:
        """Of the last answer; None where it has no such header."""
        lines = (line.split(b":", 1) for line in self.head.lower().split(b"\r\n")[1:] if b":" in line)
        return next((value.strip().decode() for found, value in lines if found == name.encode()), None)


async def run(
    port: int, jobs: Sequence[Any], work: Callable[[Connection, Any], Awaitable[int]], rate: float, connections: int
) -> dict[str, float]:
    """Do all jobs. `rate` jobs a second are begun, evenly (0: as fast as the connections allow).

    Latency is counted from when a job was due, so that a server that falls behind cannot hide it.
    """
    waiting = iter(enumerate(jobs))
    latencies: list[float] = []
    errors = 0

    async def worker(connection: Connection) -> None:
        nonlocal errors
        for number, job in waiting:
            due = start + number / rate if rate else time.perf_counter()
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            status = await work(connection, job)
            # Not in one statement: the count would be read before the answer is waited for, and others' be lost.
            errors += status != 200
            latencies.append(time.perf_counter() - due)

    opened = [Connection(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(connections)]
    start = time.perf_counter()
    await asyncio.gather(*(worker(connection) for connection in opened))
    seconds = time.perf_counter() - start
    ordered = sorted(latencies)
    at = {f"p{p}": 1000 * ordered[min(len(ordered) - 1, len(ordered) * p // 100)] for p in (50, 95, 99)}
    return {"count": len(jobs), "seconds": seconds, "per_second": len(jobs) / seconds, "errors": errors, **at}


def main() -> None:
    kind, rate = sys.argv[2], float(sys.argv[5])
    port, count, first = (int(sys.argv[n]) for n in (1, 3, 4))
    workload = json.loads(Path(sys.argv[6]).read_text("utf-8"))["workload"]
    random = Random(first)
    key, jobs = workload["channel" if kind == "enrolment" else "hospital"], []
    for number in range(first, first + count):
        if kind in BILLS:
            body = bill_body(f"S{number}", workload["members"][number % len(workload["members"])], random)
            jobs.append(signed_request(key, BILLS[kind], f"s{number}", body))
        else:
            jobs.append(signed_request(key, "/api/v1/orders", f"o{number}", order_body(workload["joiners"][number])))

    async def settle(connection: Connection, request: bytes) -> int:
        return (await connection.send(request))[0]

    async def enrol(connection: Connection, request: bytes) -> int:
        status, body = await connection.send(request)
        if status != 200:
            return status
        return (await connection.send(notice_request(workload["payment_key"], json.loads(body))))[0]

    work = settle if kind in BILLS else enrol
    print(json.dumps(asyncio.run(run(port, jobs, work, rate, connections=8))))


if __name__ == "__main__":
    main()
