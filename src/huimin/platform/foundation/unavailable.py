"""The answers for a database that is away, busy, slow or full."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import Error, InterfaceError

__all__ = ["DATABASE_ERRORS", "OVERLOADED", "Trouble", "trouble_of"]

DATABASE_ERRORS: tuple[type[Exception], ...] = (Error, InterfaceError)
"""Every error that Django raises for a database."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong: a stable code, a sentence, and in how many seconds it is worth trying again."""

    code: str
    sentence: str
    retry_after: int


_AWAY = Trouble(
    "database_unavailable", "the database cannot be reached; nothing was changed. Send the request again later", 2
)
_BUSY = Trouble(
    "database_busy",
    "another request holds the same record for longer than a request may wait; nothing was changed. Send it again",
    1,
)
_SLOW = Trouble(
    "database_slow", "the database took longer than a request may take; send the request again, with the same key", 3
)
_FULL = Trouble("storage_full", "the storage is full; nothing was changed. Send the request again later", 60)
OVERLOADED = Trouble("overloaded", "more requests are waiting than the server can answer in time. Send it again", 1)

_BY_SQLSTATE = {
    **dict.fromkeys(("55P03", "40P01", "40001"), _BUSY),
    **dict.fromkeys(("57014", "HM001"), _SLOW),
    "53100": _FULL,
    # Shutting down, crashed, starting; idle too long; too many connections; no memory; a stand-by that only reads.
    **dict.fromkeys(("57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "53300", "53200", "25006", "58030"), _AWAY),
}
_BY_SQLITE_NAME = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _AWAY,
    "SQLITE_CANTOPEN": _AWAY,
    "SQLITE_READONLY": _AWAY,
    "SQLITE_PROTOCOL": _AWAY,
}


def trouble_of(error: BaseException) -> Trouble | None:
    """The trouble with the database or the storage that an error reports; None if it reports something else."""
    for cause in _chain(error):
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            return _FULL
        if sqlite_name := getattr(cause, "sqlite_errorname", None):
            return _of_sqlite(str(sqlite_name))
        if hasattr(cause, "sqlstate"):
            return _of_sqlstate(cause)
    return _AWAY if isinstance(error, InterfaceError) else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes: Django's errors have the driver's error as their cause."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__


def _of_sqlite(name: str) -> Trouble | None:
    """`name` may say more than the class: SQLITE_IOERR_WRITE, SQLITE_BUSY_SNAPSHOT."""
    return _BY_SQLITE_NAME.get("_".join(name.split("_")[:2]))


def _of_sqlstate(error: BaseException) -> Trouble | None:
    """The trouble that an error of psycopg reports. An error without an SQLSTATE is one of the connection itself."""
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate is None:
        names = {kind.__name__ for kind in type(error).__mro__}
        return _AWAY if names & {"OperationalError", "InterfaceError"} else None
    return _AWAY if sqlstate.startswith("08") else _BY_SQLSTATE.get(sqlstate)
