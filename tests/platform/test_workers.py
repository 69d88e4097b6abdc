"""Workers that are killed, asked to end, or side by side: processes of their own, on both databases."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from served import wait_until

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


class Installation:
    def __init__(self, environment: dict[str, str]) -> None:
        # "working" must be the script itself, so that its kinds' functions are found in it.
        self.environment = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join([*sys.path, str(HERE)])}
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.done_file = Path(environment["HUIMIN_HOME"]) / "done.txt"

    def run(self, *words: str) -> str:
        command = [sys.executable, str(HERE / "working.py"), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    @contextmanager
    def worker(self, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, str(HERE / "working.py"), "work"]
        process = subprocess.Popen(command, env={**self.environment, **environment}, stderr=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def lines(self) -> list[str]:
        return self.done_file.read_text().splitlines() if self.done_file.is_file() else []

    def has_begun(self, key: str) -> bool:
        return any(line.startswith(f"{key} begun") for line in self.lines())

    def tasks(self, kind: str = "made_up") -> dict[str, dict[str, Any]]:
        return {row["key"]: row for row in json.loads(self.run("show")) if row["kind"] == kind}


@pytest.fixture
def installation(empty_database: dict[str, str]) -> Installation:
    return Installation(empty_database)


def test_what_a_killed_worker_held_is_done_by_another_after_a_while(installation: Installation) -> None:
    installation.run("prepare", "hang")
    with installation.worker(SILENT="3") as first:
        wait_until(lambda: installation.has_begun("hang"), 60, "the first worker begins")
        first.send_signal(signal.SIGKILL)
        first.wait()
    held = installation.tasks()["hang"]
    assert (held["status"], held["attempts"], held["losses"]) == ("running", 1, 0)
    with installation.worker(SILENT="3"):
        wait_until(lambda: "hang done" in installation.lines(), 60, "the second worker does it")
        wait_until(lambda: installation.tasks()["hang"]["status"] == "done", 30, "it is marked")
    assert installation.tasks()["hang"]["losses"] == 1


def test_what_a_worker_holds_that_is_asked_to_end_waits_again_at_once_and_was_not_tried(
    installation: Installation,
) -> None:
    installation.run("prepare", "hang", "second")
    with installation.worker(BATCH="2") as worker:
        wait_until(lambda: installation.has_begun("hang"), 60, "the worker begins")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
    for task in installation.tasks().values():
        assert (task["status"], task["attempts"], task["losses"]) == ("waiting", 0, 0)


def test_a_task_that_kills_its_worker_five_times_is_given_up_and_what_was_taken_with_it_is_done(
    installation: Installation,
) -> None:
    installation.run("prepare", "kill", "innocent")
    for _ in range(5):
        with installation.worker(SILENT="0.1", BATCH="2") as worker:
            assert worker.wait(timeout=60) == -signal.SIGKILL
    with installation.worker(SILENT="0.1", BATCH="2"):
        wait_until(lambda: installation.tasks()["kill"]["status"] == "failed", 60, "it is given up")
    tasks = installation.tasks()
    assert (tasks["kill"]["status"], tasks["kill"]["fault_code"]) == ("failed", "worker_lost")
    assert sum(line.startswith("kill begun") for line in installation.lines()) == 5
    assert (tasks["innocent"]["status"], tasks["innocent"]["losses"]) == ("done", 1)


def test_two_workers_do_each_task_once_and_plan_each_night_once(installation: Installation) -> None:
    keys: list[str] = []

    def done() -> list[str]:
        return sorted(line for line in installation.lines() if line.endswith(" done"))

    def workers() -> set[str]:
        return {line.rpartition(" ")[2] for line in installation.lines() if " begun by " in line}

    def prepare_more() -> None:
        more = [f"task-{number}" for number in range(len(keys), len(keys) + 60)]
        installation.run("prepare", *more)
        keys.extend(more)

    prepare_more()
    with installation.worker(), installation.worker():
        wait_until(lambda: len(done()) >= len(keys), 90, "all are done")
        # One of them may be up so much earlier that it did all there was: then there is more.
        while len(workers()) < 2 and len(keys) < 600:
            prepare_more()
            wait_until(lambda: len(done()) >= len(keys), 90, "all of the others are done")
        wait_until(lambda: {task["status"] for task in installation.tasks().values()} == {"done"}, 30, "all are marked")
    assert done() == sorted(f"{key} done" for key in keys)
    assert len(workers()) == 2
    assert len(installation.tasks("each_night")) == 1
