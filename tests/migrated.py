"""An empty SQLite database after all migrations, kept between runs: migrating takes most of a short run's time.

It is kept under a digest of everything that says what is in it, so that a changed model or migration is migrated anew.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core import management
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
_PLATFORM = ROOT / "src" / "huimin" / "platform"
_OLD = 5
"""So many databases are kept: those of the branches that one goes back and forth between."""

__all__ = ["digest_of_schema", "migrated_once"]


def digest_of_schema() -> str:
    """Of the platform's migrations, models and what they are made with, its settings, and the packages installed."""
    digest = hashlib.sha256()
    lock = ROOT / "requirements" / "test.txt"
    sources = [path for path in sorted(_PLATFORM.rglob("*.py")) if _says_what_is_there(path.relative_to(_PLATFORM))]
    for path in (lock, *sources):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _says_what_is_there(path: Path) -> bool:
    parts = set(path.parts)
    return bool(parts & {"migrations", "foundation", "settings.py", "apps.py"}) or "models" in path.stem


@contextmanager
def migrated_once(folder: Path) -> Iterator[None]:
    """While this lasts, `migrate` copies the database that is kept in `folder`, or migrates and keeps it there."""
    command, kept = management.call_command, folder / f"{digest_of_schema()}.sqlite3"
    management.call_command = _copying(command, kept)
    try:
        yield
    finally:
        management.call_command = command


def _copying(command: Callable[..., Any], kept: Path) -> Callable[..., Any]:
    def call(name: Any, *words: Any, **options: Any) -> Any:
        if name != "migrate":
            return command(name, *words, **options)
        connection.ensure_connection()
        if kept.exists():
            with _opened(kept) as source:
                source.backup(connection.connection)
            return None
        result = command(name, *words, **options)
        _keep(kept)
        return result

    return call


def _keep(kept: Path) -> None:
    unfinished = kept.with_suffix(f".{os.getpid()}")
    with _opened(unfinished) as target:
        connection.connection.backup(target)
    unfinished.replace(kept)
    for old in sorted(kept.parent.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-_OLD]:
        old.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    found = sqlite3.connect(path)
    try:
        yield found
    finally:
        found.close()
