"""How long the request in hand may wait for the database. Outside a request there is no limit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["longest_wait", "patience"]

_of_thread = threading.local()


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Within, no single answer of the database is waited for longer than `seconds`."""
    before = longest_wait()
    _of_thread.seconds = seconds
    try:
        yield
    finally:
        _of_thread.seconds = before


def longest_wait() -> float | None:
    """The limit for one answer; None where there is none."""
    found: float | None = getattr(_of_thread, "seconds", None)
    return found
