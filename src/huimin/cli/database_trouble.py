"""Commands that ask the platform's database, and the sentences that they say where it cannot answer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import wraps

from huimin.errors import HuiminError

__all__ = ["asks_the_database"]

Command = Callable[[argparse.Namespace], int]
_SENTENCES = {
    "database_unavailable": "the database cannot be reached. Look whether it runs at the address of DATABASE_URL, or, "
    "without one, whether the folder in HUIMIN_HOME may be written; then type the command again",
    "database_busy": "the database is busy with the same record. Type the command again",
    "database_slow": "the database takes longer than a command waits. Type the command again later",
    "storage_full": "the database's storage is full. Make room, and type the command again",
}
_NO_TABLES = {"42P01", "42703"}
"""PostgreSQL's codes of a table and of a column that is not there."""


def asks_the_database(command: Command) -> Command:
    """The same command. Raises HuiminError: `database_unavailable` and its like, `tables_older`."""

    @wraps(command)
    def asking(options: argparse.Namespace) -> int:
        try:
            return command(options)
        except _errors_of_databases() as error:
            raise _in_a_sentence(error) from error

    return asking


def _errors_of_databases() -> tuple[type[Exception], ...]:
    """Looked up once something has been raised: until a command has loaded Django, there are none."""
    if "django.db" not in sys.modules:
        return ()
    from huimin.platform.foundation.unavailable import DATABASE_ERRORS  # noqa: PLC0415

    return DATABASE_ERRORS


def _in_a_sentence(error: Exception) -> Exception:
    from huimin.platform.foundation.unavailable import trouble_of  # noqa: PLC0415

    trouble = trouble_of(error)
    if trouble is not None:
        return HuiminError(_SENTENCES[trouble.code], code=trouble.code)
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in _NO_TABLES or str(cause).startswith(("no such table", "no such column")):
        message = "the database lacks tables of this version; start `huimin serve` of this version once"
        return HuiminError(message, code="tables_older")
    return error
