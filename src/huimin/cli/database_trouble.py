"""Commands that use the platform's database, and their sentences if it cannot answer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import wraps

from huimin.errors import HuiminError

__all__ = ["asks_the_database"]

Command = Callable[[argparse.Namespace], int]
_SENTENCES = {
    "database_unavailable": "the database cannot be reached. Check that it runs at the address of DATABASE_URL or, "
    "without one, that the folder in HUIMIN_HOME can be written; then run the command again",
    "database_busy": "the database is busy with the same record. Run the command again",
    "database_slow": "the database takes longer than a command waits. Run the command again later",
    "storage_full": "the database's storage is full. Make room, and run the command again",
}
_NO_TABLES = {"42P01", "42703"}
"""PostgreSQL's codes for a table and for a column that does not exist."""


def asks_the_database(command: Command) -> Command:
    """Make a command raise a HuiminError in place of the database's own errors: `database_unavailable` and the like, or
    `tables_older`.
    """

    @wraps(command)
    def asking(options: argparse.Namespace) -> int:
        try:
            return command(options)
        except _errors_of_databases() as error:
            raise _in_a_sentence(error) from error

    return asking


def _errors_of_databases() -> tuple[type[Exception], ...]:
    """The errors of databases. They are looked up only after an error: until a command has loaded Django there are
    none.
    """
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
