"""Runs tasks on several threads and gives their results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["side_by_side"]

T = TypeVar("T")


def side_by_side(threads: int, tasks: Iterable[Callable[[], T]]) -> Iterator[T]:
    """The results in order. Only a few more tasks are taken from `tasks` than run at once, so that it may be very
    long.
    """
    with ThreadPoolExecutor(threads) as pool:
        running: deque[Future[T]] = deque()
        try:
            for task in tasks:
                running.append(pool.submit(task))
                if len(running) > threads:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()
