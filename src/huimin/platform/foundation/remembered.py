"""What a process may remember for a moment: rows that change seldom and are asked for by every request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

__all__ = ["Remembered", "forget_all"]

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, each for `seconds` at most: a change in the database is seen by every worker after that long.

    Nothing is remembered of what was not found. For rows on which no money depends, or which never change.
    """

    _all: ClassVar[list[Remembered[object, object]]] = []

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._values: dict[K, tuple[float, V]] = {}
        self._all.append(self)  # type: ignore[arg-type]

    def get(self, key: K, load: Callable[[], V | None]) -> V | None:
        until, value = self._values.get(key, (0.0, None))
        if value is not None and time.monotonic() < until:
            return value
        value = load()
        if value is not None:
            self._values[key] = (time.monotonic() + self._seconds, value)
        return value

    def forget(self) -> None:
        self._values.clear()


def forget_all() -> None:
    """Forget everything that this process remembers."""
    for remembered in Remembered._all:
        remembered.forget()
