"""A breaker: after some failures in a row, a party that does not answer is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["Breaker"]

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


class Breaker:
    """Opens after `most` failures in a row. Each process has its own; it is safe among threads.

    While it is open, `wait` says for how many seconds nobody should call. When they are over, it lets one call through
    to try. If that one fails too, the next pause is twice as long, a minute at most; if it succeeds, all may call.
    """

    def __init__(self, most: int = 5, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._lock = threading.Lock()
        self._failures, self._until = 0, 0.0

    def wait(self) -> float:
        """Seconds to wait; 0 where this caller may call now, and then has to say how it went."""
        with self._lock:
            if self._failures < self._most:
                return 0.0
            left = self._until - self._clock()
            if left > 0:
                return left
            # This caller tries. Should it never say how it went, the next may try after as long a pause.
            self._until = self._clock() + self._pause()
            return 0.0

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self._most:
                self._until = self._clock() + self._pause()

    def _pause(self) -> float:
        return min(_FIRST_PAUSE * 2.0 ** min(self._failures - self._most, 10), _LONGEST_PAUSE)
