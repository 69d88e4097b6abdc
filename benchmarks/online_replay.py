"""What PostgreSQL alone makes of settlements: their statements, sent again by a plain client to a copy of the database.

Settlements are recorded in this process, statement by statement and round by round, with their values and keys, after
the database was copied as it was before. Two processes of four connections each then send the rounds to the copy, and
read no answer but its arrival. What they do a second is the most that a platform with these statements could do.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

PROCESSES, CONNECTIONS = 2, 4
Statement = tuple[str, Any]
Round = list[Statement]
"""Statements that go together."""


@contextmanager
def recorded(rounds: list[Round]) -> Iterator[None]:
    """Within, what the platform sends in this process is noted as well."""
    from django.db import connection

    from huimin.platform.foundation.postgresql.base import LimitedConnection

    together: list[Round] = []
    as_it_is = LimitedConnection.one_round

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if together:
            together[-1].append((sql, params))
        else:
            rounds.append([(sql, params)])
        return execute(sql, params, many, context)

    @contextmanager
    def one_round(self: Any) -> Iterator[None]:
        together.append([])
        try:
            with as_it_is(self):
                yield
        finally:
            rounds.append(together.pop())

    LimitedConnection.one_round = one_round  # type: ignore[method-assign, assignment]
    try:
        with connection.execute_wrapper(note):
            yield
    finally:
        LimitedConnection.one_round = as_it_is  # type: ignore[method-assign]


def settlements(workload: dict[str, Any], count: int) -> list[list[Round]]:
    """Settle `count` bills one after the other; the rounds of each."""
    from django.test import Client
    from online_driver import bill_body, signed_request, split_request

    found, random = [], Random(1)
    for number in range(count):
        # From the end: the members whom the benchmark's own bills reach last.
        body = bill_body(f"R{number}", workload["members"][-1 - number], random)
        request = signed_request(workload["hospital"], "/api/v1/settlements", f"r{number}", body)
        method, path, headers, content = split_request(request)
        rounds: list[Round] = []
        with recorded(rounds):
            answer = Client().generic(method, path, content, content_type="application/json", headers=headers)
        assert answer.status_code == 200, answer.content
        found.append([[with_key(*statement) for statement in statements] for statements in rounds])
    return found


def with_key(sql: str, params: Any) -> Statement:
    """The same; but a row whose key the database gave, and that others name by it, gets that key again."""
    from huimin.platform.claims.models import SettlementFact

    if not sql.endswith("RETURNING id"):
        return sql, params
    table, rest = sql.split(" (", 1)
    columns, rest = rest.split(" VALUES (", 1)
    key = SettlementFact.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return f'{table} ("id", {columns} VALUES (%s, {rest}', [key, *params]


def send(connection: Any, rounds: Sequence[Round]) -> None:
    for statements in rounds:
        if len(statements) == 1:
            connection.execute(*statements[0]).close()
            continue
        with connection.one_round():
            cursors = [connection.execute(*statement) for statement in statements]
        for cursor in cursors:
            cursor.close()
    connection.commit()


def replay(url: str, shares: Sequence[Sequence[list[Round]]], ready: Any, spent: Any) -> None:
    """One process: a thread and a connection for each share."""
    from huimin.platform.foundation.postgresql.base import LimitedConnection

    def work(share: Sequence[list[Round]]) -> None:
        with LimitedConnection.connect(url, prepare_threshold=3) as connection:
            ready.wait()
            begun = time.perf_counter()
            for rounds in share:
                send(connection, rounds)
            spent.put(time.perf_counter() - begun)

    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def a_second(url: str, found: Sequence[list[Round]], lanes: int = PROCESSES * CONNECTIONS) -> float:
    """Settlements (or what else `found` is) a second, whose statements go over so many connections."""
    context, count = multiprocessing.get_context("fork"), min(PROCESSES, lanes)
    shares, ready, spent = [found[n::lanes] for n in range(lanes)], context.Barrier(lanes), context.Queue()
    processes = [context.Process(target=replay, args=(url, shares[n::count], ready, spent)) for n in range(count)]
    for process in processes:
        process.start()
    slowest = max(spent.get(timeout=120) for _ in range(lanes))
    for process in processes:
        process.join()
    return len(found) / slowest


def copied(url: str) -> str:
    """A copy of the database at this address, under another name: its address. Nobody else may be connected."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    place = conninfo_to_dict(url)
    name = f"{place['dbname']}_copy"
    with psycopg.connect(make_conninfo(url, dbname="template1"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{place["dbname"]}"')  # type: ignore[arg-type]
    return make_conninfo(url, dbname=name)


def main() -> None:
    import django
    from django.conf import settings
    from django.db import connections
    from online import analyse

    workload = json.loads(Path(sys.argv[1]).read_text("utf-8"))["workload"]
    url, count = sys.argv[2], int(sys.argv[3])
    copy = copied(url)
    django.setup()
    settings.ALLOWED_HOSTS.append("testserver")
    found = settlements(workload, count)
    connections.close_all()
    warm = count // 6
    a_second(copy, found[:warm])
    analyse(copy)
    print(json.dumps({"per_second": a_second(copy, found[warm:]), "rounds": len(found[-1])}))


if __name__ == "__main__":
    main()
