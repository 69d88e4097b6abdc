"""A process's short memory of rows that seldom change and that every request needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

__all__ = ["Remembered", "forget_all"]

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, each kept for `seconds` at most, so that every worker sees a change in the database after that
    time.

    A value that was not found is not remembered. Use it only for rows that never change, or where a decision by what
    was true `seconds` ago is right too: what is remembered is which client signs, which plan is on sale and which funds
    are open, and never a balance, a limit or a decision, which are read under their locks (ADR 9).
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
