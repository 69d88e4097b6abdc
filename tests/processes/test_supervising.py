"""No helper's end is the server's, and the server's end is each helper's."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from huimin.errors import HuiminError
from huimin.platform import serving
from huimin.platform.processes.supervising import Child, look_after, pause_before_restart
from served import HELPERS, Server, children_of, served, wait_until

pytestmark = pytest.mark.slow


def test_pauses_double_from_half_a_second_to_half_a_minute() -> None:
    assert [pause_before_restart(failures) for failures in (1, 2, 3, 6, 7, 8, 10_000)] == [0.5, 1, 2, 16, 30, 30, 30]


class Ended:
    """A process that has ended, or not yet."""

    def __init__(self, status: int | None) -> None:
        self.status = status

    def poll(self) -> int | None:
        return self.status


def test_a_child_that_ends_at_once_again_and_again_is_started_ever_more_rarely() -> None:
    child, started = Child("messages-1", ("module",)), set()
    for quarter in range(240):
        look_after(child, quarter / 4, lambda child: Ended(1))
        started.add(child.started)
    assert len(started) == 7
    pauses = [later - earlier for earlier, later in itertools.pairwise(sorted(started))]
    assert pauses == sorted(pauses)


@pytest.mark.parametrize(("alive", "pause"), [(29.0, 4.0), (30.0, 0.5)])
def test_a_child_that_was_well_for_half_a_minute_is_started_again_at_once(alive: float, pause: float) -> None:
    child: Any = Child("messages-1", ("module",), failures=3)
    look_after(child, 100.0, lambda child: Ended(None))
    child.process.status = -9
    look_after(child, 100.0 + alive, lambda child: Ended(None))
    assert child.process is None
    assert child.due == 100.0 + alive + pause


def test_a_child_that_cannot_be_started_ends_nothing() -> None:
    def no_memory(child: Child) -> Any:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    child = Child("jobs-1", ("module",))
    look_after(child, 0.0, no_memory)
    assert (child.process, child.due) == (None, 0.5)


_CHILD = """
import sys, time
from huimin.platform.processes import child
how, parent = sys.argv[1], int(sys.argv[2])
child.end_with_parent(parent) if how == "kernel" else child.watch_parent(parent, 15, 0.1)
time.sleep(60)
"""
_PARENT = """
import os, subprocess, sys, time
process = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2], str(os.getpid())])
print(process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("how", ["kernel", "watch"])
def test_a_child_ends_with_a_parent_that_is_killed(how: str) -> None:
    """By the kernel's word, and by the watch that other systems use."""
    command = [sys.executable, "-c", _PARENT, _CHILD, how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(1.0)
        assert _runs(child)
        parent.kill()
    wait_until(lambda: not _runs(child), 10, "the child ends")


def _runs(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip()) and not listed.stdout.strip().startswith("Z")


ALL = {*HELPERS, "sandbox", "web"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with served(tmp_path_factory.mktemp("home")) as found:
        wait_until(lambda: found.helpers().keys() == ALL, 30, "all helpers run")
        yield found


@pytest.mark.parametrize("name", [*HELPERS, "sandbox"])
def test_a_helper_that_is_killed_comes_back_and_the_web_goes_on(server: Server, name: str) -> None:
    before = server.helpers()
    os.kill(before[name], signal.SIGKILL)
    assert server.ask("/demo/").status == 200
    wait_until(lambda: server.helpers().get(name, before[name]) != before[name], 15, f"{name} comes back")
    after = server.helpers()
    assert {other: pid for other, pid in after.items() if other != name} == {
        other: pid for other, pid in before.items() if other != name
    }


def test_whoever_does_what_can_be_late_gives_way_to_pages_orders_and_policies(server: Server) -> None:
    def nice() -> dict[str, int]:
        found = {name: os.getpriority(os.PRIO_PROCESS, pid) for name, pid in server.helpers().items()}
        return {name: own - found["web"] for name, own in found.items()}

    late = {"messages-1": 5, "jobs-1": 10, "jobs-2": 10, "seals": 10}
    wait_until(lambda: nice() == {**dict.fromkeys(ALL, 0), **late}, 30, f"niceness is {late}")


def test_a_web_that_is_killed_comes_back_with_its_workers(server: Server) -> None:
    web = server.helpers()["web"]
    workers = [pid for pid, _ in children_of(web)]
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: not any(_runs(pid) for pid in workers), 10, "the workers of the killed web end")
    wait_until(lambda: server.answers("/demo/"), 30, "the web comes back")


def test_killing_the_server_leaves_no_orphans(tmp_path: Path) -> None:
    with served(tmp_path) as found:
        wait_until(lambda: found.helpers().keys() == ALL, 60, "all helpers run")
        below = list(found.helpers().values())
        below += [pid for pid, _ in children_of(found.helpers()["web"])]
        assert len(below) >= 9
        found.process.kill()
        found.process.wait()
        wait_until(lambda: not any(_runs(pid) for pid in below), 20, "all processes end")


def test_workers_run_apart_from_the_web_and_end_with_their_own_parent(tmp_path: Path) -> None:
    """One program answers requests, another does what waits: on other machines, if an installation wants that."""
    with served(tmp_path, "", "--no-workers") as web:
        wait_until(lambda: set(web.helpers()) == {"web", "sandbox"}, 30, "the web runs alone")
        command = [sys.executable, "-m", "huimin.cli", "work", "--messages", "2", "--jobs", "1"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("HUIMIN_", "DJANGO_"))}
        environment |= {"HUIMIN_HOME": str(tmp_path), "DATABASE_URL": ""}
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as work:
            names = {"messages-1", "messages-2", "jobs-1", "orders-1", "issuing-1", "payments", "seals"}
            wait_until(lambda: {args.split()[-1] for _, args in children_of(work.pid)} == names, 60, "workers run")
            below = [pid for pid, _ in children_of(work.pid)]
            work.terminate()
            assert work.wait(timeout=30) == 0
        wait_until(lambda: not any(_runs(pid) for pid in below), 20, "the workers end")
        assert web.ask("/demo/").status == 200


def test_workers_wait_for_tables_of_their_version_and_then_say_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([False, False, True])
    monkeypatch.setattr("huimin.platform.foundation.checks.tables_are_up_to_date", lambda: next(answers))
    monkeypatch.setattr(serving.time, "sleep", lambda seconds: None)
    serving._await_tables()
    monkeypatch.setattr("huimin.platform.foundation.checks.tables_are_up_to_date", lambda: False)
    with pytest.raises(HuiminError, match="start `huimin serve` of this version once") as refused:
        serving._await_tables()
    assert refused.value.code == "tables_older"


def test_a_database_that_is_not_there_yet_is_waited_for_and_then_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        tries = 0

        def ensure_connection(self) -> None:
            Away.tries += 1
            if Away.tries < 3 or forever:
                error = OperationalError("refused")
                error.__cause__ = psycopg.OperationalError("connection refused")
                raise error

    monkeypatch.setattr("django.db.connection", Away())
    monkeypatch.setattr(serving.time, "sleep", lambda seconds: None)
    forever = False
    serving._await_database()
    assert Away.tries == 3
    forever = True
    with pytest.raises(HuiminError, match="cannot be reached"):
        serving._await_database()
    assert Away.tries == 3 + serving._TRIES


def test_a_port_that_another_program_uses_is_refused_before_anything_is_started() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(serving.BusyPortError) as refused:
            serving.serve(port=port, sandbox_port=port + 1, workers=1, demonstration=False)
    assert refused.value.code == "busy_port"
    assert f"port {port} is in use" in refused.value.message
    assert f"PORT={port + 100}" in refused.value.message
