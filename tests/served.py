"""A server started as `huimin serve` starts it, on free ports, and stopped by the process that was started."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "HELPERS",
    "Answered",
    "Server",
    "children_of",
    "copy_prepared_home",
    "free_port",
    "remove_prepared_home",
    "served",
    "wait_until",
]

HELPERS = ("messages-1", "jobs-1", "jobs-2", "orders-1", "issuing-1", "payments", "seals")


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]
    home: Path
    log: Path

    def ask(self, path: str, body: bytes | None = None, timeout: float = 20, **headers: str) -> Answered:
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request("GET" if body is None else "POST", path, body, named)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        said = {name.lower(): value for name, value in answer.getheaders()}
        return Answered(answer.status, said, content, time.monotonic() - begun)

    def answers(self, path: str) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.ask(path, timeout=5).status == 200
        return False

    def helpers(self) -> dict[str, int]:
        """Process ids by what they do: messages-1, jobs-1, jobs-2, seals, sandbox, web."""
        found = {}
        for pid, command in children_of(self.process.pid):
            last = command.split()
            name = next((part for part in last if part in HELPERS), "")
            name = name or ("sandbox" if "huimin.sandbox" in command else "web" if "granian" in command else "")
            if name:
                found[name] = pid
        return found


def children_of(parent: int) -> list[tuple[int, str]]:
    """Process ids and commands of the children of a process, by `ps`: the same on every Unix."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = (line.split(None, 2) for line in listed.stdout.splitlines())
    return [
        (int(row[0]), row[2]) for row in rows if len(row) == 3 and int(row[1]) == parent and "<defunct>" not in row[2]
    ]


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def served(
    home: Path, database_url: str = "", *options: str, demonstration: bool = True, **environment: str
) -> Iterator[Server]:
    """On SQLite the demonstration is copied, and not loaded again for each server (`copy_prepared_home`)."""
    if demonstration and not database_url:
        copy_prepared_home(home)
    with _started(home, database_url, *options, demonstration=demonstration, **environment) as server:
        yield server


def copy_prepared_home(home: Path) -> None:
    """Fill an empty folder with what a first start of the demonstration leaves there.

    A first start makes every table and loads the city, which takes most of a minute of a processor. The parallel
    processes of a run share one such folder. The first that needs it makes it, by a server without workers, so that
    nothing has happened in it yet.
    """
    shared = _prepared()
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "made").exists():
            shutil.rmtree(shared / "home", ignore_errors=True)
            (shared / "home").mkdir()
            with _started(shared / "home", "", "--no-workers"):
                pass
            (shared / "made").touch()
    shutil.copytree(shared / "home", home, dirs_exist_ok=True)


def remove_prepared_home() -> None:
    """For the process that has started all others of the run, when they have ended."""
    shutil.rmtree(_prepared(), ignore_errors=True)


def _prepared() -> Path:
    """One folder for a run: named after the process that has started the others, or does everything itself."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    return Path(tempfile.gettempdir()) / f"huimin-prepared-{run}"


@contextlib.contextmanager
def _started(
    home: Path, database_url: str, *options: str, demonstration: bool = True, **environment: str
) -> Iterator[Server]:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIMIN_", "DJANGO_"))}
    kept |= {"HUIMIN_HOME": str(home), "DATABASE_URL": database_url, **environment}
    command = [sys.executable, "-m", "huimin.cli", "serve", "--port", str(port), "--sandbox-port", str(free_port())]
    log = home / "serve.log"
    with log.open("wb") as file:
        command += [*options, *(["--demonstration"] if demonstration else [])]
        process = subprocess.Popen(command, env=kept, stdout=file, stderr=file)
    server = Server(port, process, home, log)
    try:
        wait_until(lambda: process.poll() is not None or server.answers("/health/live"), 120, "the server starts")
        assert process.poll() is None, log.read_text("utf-8")[-2000:]
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
