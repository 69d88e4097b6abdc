"""Calls at one moment: a thread for each, with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections

__all__ = ["all_at_once", "apart"]

T = TypeVar("T")


def apart(call: Callable[[], T]) -> T:
    """What a thread of its own does, whose connections are closed with it."""
    try:
        return call()
    finally:
        connections.close_all()


def all_at_once(calls: list[Any]) -> list[Any]:
    barrier = threading.Barrier(len(calls))

    def work(call: Any) -> Any:
        barrier.wait(10)
        return apart(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(work, calls))
