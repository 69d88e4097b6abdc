"""How long the current request may wait for the database, all waits added up. Outside a request there is no limit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["longest_wait", "patience", "waited"]

_LEAST = 0.01
_of_thread = threading.local()


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Inside the `with` block all waits for the database together take no longer than `seconds`."""
    before = getattr(_of_thread, "seconds", None)
    _of_thread.seconds = seconds
    try:
        yield
    finally:
        _of_thread.seconds = before


def longest_wait() -> float | None:
    """The rest of the limit: how many seconds the next answer may take. None if there is no limit."""
    found: float | None = getattr(_of_thread, "seconds", None)
    return found


def waited(seconds: float) -> None:
    """Take `seconds` off the limit. A little is always left, so that an answer that comes at once is still taken."""
    found = longest_wait()
    if found is not None:
        _of_thread.seconds = max(_LEAST, found - seconds)
