"""A database that is gone, frozen, slow or full costs seconds, and nothing that was acknowledged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from own_database import Database, own_database
from served import Answered, Server, served, wait_until

pytestmark = pytest.mark.slow

LIMIT = 2.0
"""Seconds in which an answer comes whatever the database does, on a machine that has time for us: see `in_time`."""


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with own_database() as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("home"), database.url) as found:
        assert {found.ask("/demo/").status for _ in range(12)} == {200}
        yield found


def in_time(server: Server, answer: Answered) -> bool:
    """Within two seconds, and what a process of this machine now takes longer than usual to answer at all."""
    return answer.seconds < LIMIT + 8 * max(server.ask("/health/live").seconds for _ in range(3))


def settle(server: Server, bill: dict[str, str]) -> Answered:
    import hashlib
    import hmac

    body, timestamp, path = json.dumps(bill).encode(), str(int(time.time())), "/api/v1/settlements"
    secret = secrets_of(server)
    content = "\n".join(["POST", path, timestamp, bill["setl_id"], hashlib.sha256(body).hexdigest()])
    signed = hmac.new(secret["secret"].encode(), content.encode(), hashlib.sha256).hexdigest()
    return server.ask(
        path,
        body,
        **{
            "Content_Type": "application/json",
            "Idempotency_Key": bill["setl_id"],
            "X_Huimin_Client": secret["key_id"],
            "X_Huimin_Timestamp": timestamp,
            "X_Huimin_Signature": signed,
        },
    )


_SECRETS: dict[Path, dict[str, Any]] = {}
_FIND = """
import django, json; django.setup()
from huimin.platform.foundation.models import ApiClient
from huimin.platform.enrolment.models import Policy
one = ApiClient.objects.filter(kind="hospital", city__code="demo", active=True).order_by("code").first()
policies = Policy.objects.order_by("pk")[:2]
found = {"key_id": one.key_id, "secret": one.secret}
found["members"] = [[p.psn_no, str(p.cover_from), p.pk] for p in policies]
print(json.dumps(found))
"""


def secrets_of(server: Server) -> dict[str, Any]:
    """The hospital's key and two insured people, asked of the database once."""
    if server.home not in _SECRETS:
        url = (server.home / "url").read_text() if (server.home / "url").exists() else ""
        environment = {**os.environ, "HUIMIN_HOME": str(server.home), "DATABASE_URL": url}
        environment["DJANGO_SETTINGS_MODULE"] = "huimin.platform.settings"
        for name in ("HUIMIN_SECRET_KEY", "HUIMIN_DATA_KEY", "HUIMIN_PAYMENT_KEY"):
            environment.pop(name, None)
        found = subprocess.run(
            [sys.executable, "-c", _FIND], env=environment, capture_output=True, text=True, check=True
        )
        _SECRETS[server.home] = json.loads(found.stdout.splitlines()[-1])
    return _SECRETS[server.home]


def a_bill(server: Server, setl_id: str, member: int = 0) -> dict[str, str]:
    psn_no, cover_from, _ = secrets_of(server)["members"][member]
    return {
        "setl_id": setl_id,
        "psn_no": psn_no,
        "setl_time": f"{cover_from} 10:00:00",
        "med_type": "21",
        "medfee_sumamt": "30000.00",
        "fulamt_ownpay_amt": "0.00",
        "fund_pay_sumamt": "10000.00",
        "psn_part_amt": "20000.00",
    }


def settled(server: Server, times: int = 6) -> bool:
    """Whether so many bills in a row are settled: each worker finds by itself that the database is back."""
    return all(settle(server, a_bill(server, f"OK{time.time_ns()}")).status == 200 for _ in range(times))


@pytest.fixture
def known(server: Server, database: Database) -> Server:
    (server.home / "url").write_text(database.url)
    wait_until(lambda: settled(server), 30, "the server settles bills")
    return server


def test_a_frozen_database_is_a_503_in_time_and_static_files_do_not_notice(known: Server, database: Database) -> None:
    bill = a_bill(known, "FROZEN")
    with database.frozen():
        for _ in range(4):
            answer = settle(known, bill)
            assert (answer.status, json.loads(answer.body)["code"]) in (
                (503, "database_slow"),
                (503, "database_unavailable"),
            )
            assert answer.headers["retry-after"]
            assert in_time(known, answer), answer.seconds
        page = known.ask("/demo/")
        assert (page.status, in_time(known, page)) == (503, True)
        assert "系统正忙" in page.body.decode()
        assert known.ask("/health/ready").status == 503
        for path in ("/health/live", "/static/huimin/huimin.css"):
            answer = known.ask(path)
            assert (answer.status, in_time(known, answer)) == (200, True)
    wait_until(lambda: settle(known, bill).status == 200, 20, "the service recovers by itself")
    wait_until(lambda: known.ask("/health/ready").status == 200, 10, "it is ready again")


def test_static_files_are_served_while_every_thread_waits_for_a_frozen_database(
    known: Server, database: Database
) -> None:
    with database.frozen():
        threads = [threading.Thread(target=known.ask, args=("/demo/",)) for _ in range(16)]
        for thread in threads:
            thread.start()
        answer = known.ask("/static/huimin/huimin.css")
        for thread in threads:
            thread.join()
    assert (answer.status, in_time(known, answer)) == (200, True)
    wait_until(lambda: known.ask("/demo/").status == 200, 20, "the service recovers by itself")


def test_connections_that_were_cut_cost_no_request(known: Server, database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    time.sleep(0.5)
    assert {known.ask("/demo/").status for _ in range(12)} == {200}
    assert settle(known, a_bill(known, "CUT")).status == 200


def test_a_locked_row_holds_up_its_own_member_for_a_moment_and_nobody_else(known: Server, database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        policy = secrets_of(known)["members"][0][2]
        connection.execute("SELECT 1 FROM enrolment_policy WHERE id = %s FOR UPDATE", [policy])
        held = settle(known, a_bill(known, "LOCKED"))
        assert (held.status, json.loads(held.body)["code"]) == (503, "database_busy")
        assert in_time(known, held), held.seconds
        threads = [threading.Thread(target=settle, args=(known, a_bill(known, "LOCKED"))) for _ in range(4)]
        for thread in threads:
            thread.start()
        other = settle(known, a_bill(known, f"OTHER{time.time_ns()}", member=1))
        for thread in threads:
            thread.join()
        assert (other.status, in_time(known, other)) == (200, True)
        connection.rollback()
    assert settle(known, a_bill(known, "LOCKED")).status == 200


def test_a_database_that_was_stopped_and_started_is_used_again_and_nothing_is_lost(
    known: Server, database: Database
) -> None:
    bill = a_bill(known, f"BEFORE{time.time_ns()}")
    first = settle(known, bill)
    before = known.helpers()
    database.stop()
    try:
        answer = settle(known, a_bill(known, "AWAY"))
        assert (answer.status, json.loads(answer.body)["code"]) == (503, "database_unavailable")
        assert (known.ask("/demo/").status, known.ask("/health/live").status) == (503, 200)
        time.sleep(3)
        assert known.helpers() == before
    finally:
        database.start()
    wait_until(lambda: settle(known, a_bill(known, "AWAY")).status == 200, 20, "the service recovers by itself")
    assert settle(known, bill).body == first.body


_FULL = """
import django, json, sys; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from huimin.platform.demonstration.load import load_demonstration
load_demonstration(residents=80, orders=12, bills=12)
sys.path.insert(0, sys.argv[1])
from django.db import connection
from huimin.platform.claims.models import SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import JournalEntry
from platform_support import Caller, amounts
city = City.objects.get(code="demo")
policy = Policy.objects.order_by("pk").first()
def bill(number):
    body = {"setl_id": f"F{number}", "psn_no": policy.psn_no, "setl_time": str(policy.cover_from), "med_type": "21"}
    return {**body, "dept_name": "x" * 15000, **amounts(20_000_00)}
def rows():
    return [SettlementFact.objects.count(), JournalEntry.objects.count()]
def pragma(text):
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA " + text).fetchone()[0]
most = pragma("max_page_count")
pragma(f"max_page_count={pragma('page_count')}")
api, said = Caller(city), []
for number in range(40):
    before = rows()
    answer = api.settle(bill(number))
    assert answer.status_code in (200, 503), answer.content
    if answer.status_code == 503:
        said = [answer.status_code, answer.json()["code"], answer["Retry-After"], before == rows()]
        break
pragma(f"max_page_count={most}")
print(json.dumps([*said, api.settle(bill(number)).status_code]))
"""


def test_a_full_disk_under_the_embedded_database_is_a_503_and_nothing_is_half_posted(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIMIN_")}
    keys = {"HUIMIN_SECRET_KEY": "s" * 40, "HUIMIN_DATA_KEY": "5a" * 32, "HUIMIN_PAYMENT_KEY": "p" * 40}
    environment = {**kept, **keys, "HUIMIN_HOME": str(tmp_path), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "huimin.platform.settings"
    environment["HUIMIN_HOSTS"] = "testserver"
    tests = str(Path(__file__).resolve().parents[1])
    done = subprocess.run(
        [sys.executable, "-c", _FULL, tests], env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == [503, "storage_full", "60", True, 200]
