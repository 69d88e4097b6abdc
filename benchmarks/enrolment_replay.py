"""What PostgreSQL alone makes of orders: their statements, sent again by a plain client to a copy of the database.

Orders, their payments and what workers do for them are recorded in this process, after the database was copied as it
was before. A plain client then sends the orders and notices over eight connections, and after them what workers did
over one. What it does a second is the most that a platform with these statements could do.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from online_replay import Round, Statement, a_second, copied, recorded

_TOGETHER = 100
"""Payments wait for the worker so many at a time, as they do when it has more to do than it can."""


def orders(workload: dict[str, Any], numbers: range) -> tuple[list[list[Round]], list[list[Round]]]:
    """Place and pay orders one after the other: the rounds of each, and what a worker did for them."""
    from django.test import Client
    from online_driver import notice_request, order_body, signed_request, split_request

    found: list[list[Round]] = []
    worked: list[list[Round]] = []

    def send(request: bytes) -> bytes:
        method, path, headers, content = split_request(request)
        answer = Client().generic(method, path, content, content_type="application/json", headers=headers)
        assert answer.status_code == 200, answer.content
        return bytes(answer.content)

    for number in numbers:
        rounds: list[Round] = []
        with recorded(rounds):
            body = order_body(workload["joiners"][number])
            placed = send(signed_request(workload["channel"], "/api/v1/orders", f"a{number}", body))
            send(notice_request(workload["payment_key"], json.loads(placed)))
        found.append([[with_key(*statement) for statement in statements] for statements in rounds])
        if number % _TOGETHER == _TOGETHER - 1:
            worked += worked_off()
    return found, worked + worked_off()


def with_key(sql: str, params: Any) -> Statement:
    """The same; but the line of an order gets the key again that the database gave it, since policies name it."""
    from huimin.platform.enrolment.models import OrderLine

    if not sql.startswith('INSERT INTO "enrolment_orderline"'):
        return sql, params
    key = OrderLine.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return sql.replace(' ("', ' ("id", "', 1).replace("VALUES (", "VALUES (%s, ", 1), [key, *params]


def worked_off() -> list[list[Round]]:
    """What a worker does for the payments that wait: the rounds of each time that it takes some."""
    from huimin.platform.tasks.kinds import Lane
    from huimin.platform.tasks.worker import Worker, once

    lanes = [lane for lane in Lane if lane.value == "issuing"]
    worker, found = Worker(lanes, "bench:1", next_plan=float("inf")), []
    while lanes:
        rounds: list[Round] = []
        with recorded(rounds):
            if not once(worker):
                break
        found.append(rounds)
    return found


def main() -> None:
    import django
    from django.conf import settings
    from django.db import connections
    from online import analyse

    workload = json.loads(Path(sys.argv[1]).read_text("utf-8"))["workload"]
    url, count = sys.argv[2], int(sys.argv[3])
    copy, warm = copied(url), count // 6
    django.setup()
    settings.ALLOWED_HOSTS.append("testserver")
    before, begun = orders(workload, range(warm))
    found, worked = orders(workload, range(warm, count))
    connections.close_all()
    a_second(copy, before)
    if begun:
        a_second(copy, begun, lanes=1)
    analyse(copy)
    seconds = len(found) / a_second(copy, found)
    if worked:
        seconds += len(worked) / a_second(copy, worked, lanes=1)
    print(json.dumps({"per_second": len(found) / seconds, "rounds": len(found[-1])}))


if __name__ == "__main__":
    main()
