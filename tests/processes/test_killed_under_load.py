"""Web and workers are killed while people enrol: every order that was acknowledged ends as it must.

A channel orders and a payment company tells, both as such parties do: they repeat what was not answered.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from own_database import Database, own_database
from served import HELPERS, Answered, Server, served, wait_until

pytestmark = pytest.mark.slow

_FIND = """
import django, json; django.setup()
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.keys import shared_key
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.people.models import Resident
city = City.objects.get(code="demo")
one = ApiClient.objects.filter(kind="channel", city=city).order_by("code").first()
covered = set(Policy.objects.of(city).values_list("psn_no", flat=True))
people = [r for r in Resident.objects.of(city).filter(insured=True).order_by("pk") if r.psn_no not in covered]
found = {"key_id": one.key_id, "secret": one.secret, "notice": shared_key("payment notice")}
found["people"] = [{"id_number": r.id_number, "name": r.name} for r in people]
print(json.dumps(found))
"""
_LOOK = """
import django, json; django.setup()
from huimin.platform.enrolment.models import Order, OrderLine
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import Receipt, Refund
from huimin.platform.enrolment.models import Policy
city = City.objects.get(code="demo")
orders = dict(Order.objects.of(city).values_list("reference", "status"))
policies = list(Policy.objects.of(city).values_list("order_line__order__reference", "psn_no", "plan_year"))
receipts = list(Receipt.objects.of(city).values_list("reference", "amount"))
refunds = list(Refund.objects.of(city).values_list("reference", "amount"))
print(json.dumps([orders, policies, receipts, refunds, verify_city(city).faults]))
"""
_WAITING = """
import django, json; django.setup()
from huimin.platform.payments.taking import NOTICE_TAKEN
from huimin.platform.tasks.models import Task
print(json.dumps(Task.objects.filter(kind=NOTICE_TAKEN, finished_at=None).count()))
"""
THREADS = 4


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with own_database() as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("home"), database.url) as found:
        wait_until(lambda: found.helpers().keys() == {*HELPERS, "sandbox", "web"}, 60, "all helpers run")
        yield found


def told(server: Server, database: Database, program: str) -> Any:
    """What a program says that looks into the server's database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIMIN_")}
    environment = {**kept, "HUIMIN_HOME": str(server.home), "DATABASE_URL": database.url}
    environment["DJANGO_SETTINGS_MODULE"] = "huimin.platform.settings"
    found = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return json.loads(found.stdout.splitlines()[-1])


class Load:
    """Channels that order, and a payment company that tells, until they are stopped."""

    def __init__(self, server: Server, secrets: dict[str, Any]) -> None:
        self.server, self.secrets = server, secrets
        self.people = iter(secrets["people"])
        self.lock, self.stopped = threading.Lock(), threading.Event()
        self.acknowledged: dict[str, str] = {}
        """The amount by the reference of every order that was acknowledged, and whose payment was."""
        self.unavailable = 0
        self.odd: list[str] = []

    def run(self) -> None:
        while not self.stopped.is_set():
            with self.lock:
                person = next(self.people, None)
            if person is None:
                return
            self.enrol(person)

    def enrol(self, person: dict[str, str]) -> None:
        key = hashlib.sha256(person["id_number"].encode()).hexdigest()[:24]
        body = {"applicant": person, "insured": [{**person, "relation": "self"}], "terms_opened": True}
        placed = self.until_answered(lambda: self.signed("POST", "/api/v1/orders", json.dumps(body).encode(), key))
        if placed is None:
            return
        if placed.status != 200:
            self.odd.append(f"{placed.status} {placed.body[:200]!r}")
            return
        order = json.loads(placed.body)
        content = {"notice_id": f"N{key}", "reference": order["reference"], "status": "paid"}
        content |= {"amount": order["total"], "transaction": f"T{key}"}
        notice = json.dumps(content).encode()
        if self.until_answered(lambda: self.notice(notice)) is not None:
            self.acknowledged[order["reference"]] = order["total"]

    def until_answered(self, ask: Any) -> Answered | None:
        """Parties repeat what was not answered. None where the whole was stopped before it was."""
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                answer: Answered = ask()
            except (OSError, ValueError):
                time.sleep(0.2)
                continue
            except Exception as failure:  # noqa: BLE001 what a cut connection raises differs
                self.odd.append(repr(failure)) if "HTTPException" not in str(type(failure).__mro__) else None
                time.sleep(0.2)
                continue
            if answer.status != 503:
                return answer
            self.unavailable += 1
            time.sleep(0.3)
        self.odd.append("not answered within 90 s")
        return None

    def signed(self, method: str, path: str, body: bytes, key: str) -> Answered:
        timestamp = str(int(time.time()))
        content = "\n".join([method, path, timestamp, key, hashlib.sha256(body).hexdigest()])
        made = hmac.new(self.secrets["secret"].encode(), content.encode(), hashlib.sha256).hexdigest()
        headers = {"X_Huimin_Client": self.secrets["key_id"], "X_Huimin_Timestamp": timestamp}
        headers |= {"X_Huimin_Signature": made, "Idempotency_Key": key, "Content_Type": "application/json"}
        return self.server.ask(path, body, **headers)

    def notice(self, body: bytes) -> Answered:
        made = hmac.new(self.secrets["notice"].encode(), body, hashlib.sha256).hexdigest()
        headers = {"X_Payment_Signature": made, "Content_Type": "application/json"}
        answer = self.server.ask("/api/v1/payments/demo/sandbox/notices", body, **headers)
        if answer.body != b"success" and answer.status != 503:
            self.odd.append(f"a notice was answered {answer.status} {answer.body[:200]!r}")
        return answer


def under_load(server: Server, database: Database, disturb: Any) -> Load:
    """People enrol while `disturb` runs; then all that was begun is brought to its end."""
    load = Load(server, told(server, database, _FIND))
    with ThreadPoolExecutor(THREADS) as pool:
        threads = [pool.submit(load.run) for _ in range(THREADS)]
        try:
            disturb(load)
        finally:
            load.stopped.set()
        for thread in threads:
            thread.result(timeout=120)
    return load


def held_to_it(server: Server, database: Database, load: Load) -> None:
    """Every acknowledged order has its policy, every payment its order or a refund, and the journal balances.

    What a worker held that was killed is taken up by another after some seconds.
    """
    assert load.odd == []
    wait_until(lambda: told(server, database, _WAITING) == 0, 90, "every notice that was answered is heard")
    orders, policies, receipts, refunds, faults = told(server, database, _LOOK)
    assert load.acknowledged
    assert {reference: orders.get(reference) for reference in load.acknowledged} == dict.fromkeys(
        load.acknowledged, "issued"
    )
    of_order = [reference for reference, *_ in policies if reference in load.acknowledged]
    assert sorted(of_order) == sorted(load.acknowledged)
    covered = [(psn_no, plan_year) for _, psn_no, plan_year in policies]
    assert len(covered) == len(set(covered))
    back = {reference for reference, _ in refunds}
    assert [reference for reference, _ in receipts if orders.get(reference) != "issued" and reference not in back] == []
    assert faults == []


def kill_at_random(rounds: int, seed: int, server: Server) -> Any:
    """Kill the web, or a worker that issues, pays or sends, so many times while people enrol."""
    chance = random.Random(seed)

    def disturb(load: Load) -> None:
        for _ in range(rounds):
            time.sleep(chance.uniform(0.2, 1.2))
            running = server.helpers()
            name = chance.choice(["web", "web", *HELPERS])
            if name in running:
                os.kill(running[name], signal.SIGKILL)
            wait_until(lambda: server.answers("/health/live"), 40, "the web comes back")
        time.sleep(1)

    return disturb


def test_what_was_acknowledged_is_there_after_web_and_workers_were_killed(server: Server, database: Database) -> None:
    load = under_load(server, database, kill_at_random(4, 1, server))
    held_to_it(server, database, load)


@pytest.mark.nightly
def test_what_was_acknowledged_is_there_after_a_hundred_rounds_of_killing(server: Server, database: Database) -> None:
    load = under_load(server, database, kill_at_random(100, 20260101, server))
    held_to_it(server, database, load)


@pytest.mark.nightly
def test_a_database_that_is_gone_for_thirty_seconds_loses_nothing(server: Server, database: Database) -> None:
    def disturb(load: Load) -> None:
        time.sleep(2)
        database.stop()
        try:
            time.sleep(30)
        finally:
            database.start()
        before = len(load.acknowledged)
        wait_until(lambda: len(load.acknowledged) > before + 2, 60, "people enrol again")

    load = under_load(server, database, disturb)
    assert load.unavailable > 0
    held_to_it(server, database, load)
