"""How long the request in hand may wait for the database, all waits together. Outside a request there is no limit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["longest_wait", "patience", "waited"]

_LEAST = 0.01
_of_thread = threading.local()


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Within, the database is waited for no longer than `seconds`, however many answers it gives."""
    before = getattr(_of_thread, "seconds", None)
    _of_thread.seconds = seconds
    try:
        yield
    finally:
        _of_thread.seconds = before


def longest_wait() -> float | None:
    """What is left of the limit: the longest that the next answer may take. None where there is no limit."""
    found: float | None = getattr(_of_thread, "seconds", None)
    return found


def waited(seconds: float) -> None:
    """So long an answer was waited for. A little always is left: an answer that is there at once is taken."""
    found = longest_wait()
    if found is not None:
        _of_thread.seconds = max(_LEAST, found - seconds)
