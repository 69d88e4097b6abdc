"""The folder of a demonstration that was loaded once in a run of tests, and copied for each server that is started.

A first start makes every table and loads the city, which takes most of a minute of a processor. The parallel processes
of a run share one such folder; the first that needs it makes it, by a server without workers, so that nothing has
happened in it yet.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

__all__ = ["copy_prepared_home", "remove_prepared_home"]

_LONGEST = 300


def copy_prepared_home(home: Path) -> None:
    """Fill an empty folder with what a first start leaves there."""
    shared = _shared()
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "made").exists():
            _make(shared / "home")
            (shared / "made").touch()
    shutil.copytree(shared / "home", home, dirs_exist_ok=True)


def remove_prepared_home() -> None:
    """For the process that has started all others of the run, when they have ended."""
    shutil.rmtree(_shared(), ignore_errors=True)


def _shared() -> Path:
    """One folder for a run: the parallel processes of a run know its id."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return Path(tempfile.gettempdir()) / f"huimin-prepared-{run}"


def _make(home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    port, sandbox = _free_port(), _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIMIN_", "DJANGO_"))}
    kept |= {"HUIMIN_HOME": str(home), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "huimin.cli", "serve", "--demonstration", "--no-workers"]
    command += ["--port", str(port), "--sandbox-port", str(sandbox)]
    process = subprocess.Popen(command, env=kept, stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/health/live", process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        assert process.poll() is None, "the server that loads the demonstration has ended"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the demonstration was not loaded within {_LONGEST} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
