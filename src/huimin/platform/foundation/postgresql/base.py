"""PostgreSQL with limits on waiting, so that a request waits only seconds for a database that is gone or frozen.

PostgreSQL's own limits (statement_timeout, lock_timeout) are enforced by the server, which a frozen server cannot do.
So the client has its own limit on each wait and on connecting. After a connection has failed, others are refused for a
moment without being tried, so that not every thread waits in vain.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.errors import _WaitTimeout

from huimin.platform.foundation.kept import Keeping
from huimin.platform.foundation.patience import longest_wait, waited

__all__ = ["DatabaseWrapper", "LimitedConnection", "Refusing"]

_REFUSED_FOR = 1.0
"""For this many seconds after a failed connection no other is tried."""


class NoAnswerError(psycopg.OperationalError):
    """The server did not answer within the limit. The SQLSTATE is our own, since PostgreSQL has none for it."""

    sqlstate = "HM001"


def _later() -> Generator[Any, Any, None]:
    """Takes the place of the step that sends what is queued."""
    yield from ()


class LimitedConnection(psycopg.Connection[Any]):
    """A connection that waits no longer than `longest_wait` and is closed if no answer comes by then."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is not None or (limit := longest_wait()) is None:
            return super().wait(gen, interval, timeout)
        begun = time.monotonic()
        try:
            return super().wait(gen, interval, limit)
        except _WaitTimeout:
            # It is unknown what the server still does with the statement, so the connection cannot be used again.
            self.close()
            raise NoAnswerError(f"the database did not answer within {limit:.2f} s") from None
        finally:
            waited(time.monotonic() - begun)

    @contextmanager
    def one_round(self) -> Iterator[None]:
        """Inside the `with` block statements wait and are sent together at its end; their cursors then have the
        results.

        psycopg's pipeline sends each statement as it comes, so that the server is woken for every one.
        """
        try:
            with self.pipeline() as pipeline:
                pipeline._communicate_gen = _later  # type: ignore[method-assign]
                try:
                    yield
                finally:
                    del pipeline._communicate_gen
        except psycopg.errors.PipelineAborted as skipped:
            # psycopg raises the last error it read. That may be a statement that the server skipped because an earlier
            # one had failed; the caller needs the error of the earlier one.
            refusal = skipped.__context__
            raise (refusal if isinstance(refusal, psycopg.Error) else skipped) from None

    @classmethod
    def _connect_gen(cls, *arguments: Any, **named: Any) -> Generator[Any, Any, Any]:
        """psycopg's steps of connecting, with our limit, since psycopg's own limit cannot be less than two seconds."""
        steps, limit = super()._connect_gen(*arguments, **named), longest_wait()
        if limit is None:
            return (yield from steps)
        until, step = time.monotonic() + limit, next(steps)
        while True:
            ready = yield step
            if time.monotonic() > until:
                raise psycopg.OperationalError(f"no connection to the database within {limit:.2f} s")
            try:
                step = steps.send(ready)
            except StopIteration as end:
                return end.value


class Refusing:
    """Remembers that connecting failed. For a moment after that, one thread tries again and the others are refused."""

    def __init__(self) -> None:
        self._lock, self._until, self._failed = threading.Lock(), 0.0, False

    def refuses(self, now: float) -> bool:
        """Whether to give up at once. A caller that is not refused must report the outcome with `went`."""
        with self._lock:
            if self._failed and now < self._until:
                return True
            self._until = now + _REFUSED_FOR
            return False

    def went(self, *, well: bool, now: float) -> None:
        with self._lock:
            self._failed, self._until = not well, now + _REFUSED_FOR


_refusing = Refusing()


class DatabaseWrapper(Keeping, base.DatabaseWrapper):
    Database = SimpleNamespace(**{**vars(psycopg), "connect": LimitedConnection.connect})  # type: ignore[assignment]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        # A new connection does not use the keys reserved by the last one: a server that crashed may give them out
        # again.
        self.kept.keys.clear()
        if longest_wait() is None:
            return super().get_new_connection(conn_params)
        if _refusing.refuses(time.monotonic()):
            raise psycopg.OperationalError("the database could not be reached a moment ago")
        begun = time.monotonic()
        try:
            found = super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            _refusing.went(well=False, now=time.monotonic())
            raise
        finally:
            waited(time.monotonic() - begun)
        _refusing.went(well=True, now=time.monotonic())
        return found

    def close_if_unusable_or_obsolete(self) -> None:
        """Called when a request begins. Closes a connection that the server has ended in the meantime."""
        if self.connection is not None and _was_ended(self.connection):
            self.close()
        super().close_if_unusable_or_obsolete()


def _was_ended(connection: Any) -> bool:
    """Whether an idle connection has something to read. That can only be the server's last message or the end of the
    stream.
    """
    if connection.closed:
        return True
    poll = select.poll() if hasattr(select, "poll") else None
    if poll is None:
        return bool(select.select([connection.fileno()], [], [], 0)[0])
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
