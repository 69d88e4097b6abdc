"""Lets the process keep memory that it frees and takes again a hundred times a second.

The first use of a page costs up to 8 µs on a virtual machine, several times what most loops then do with it. A job that
gave back the columns of each part and took new ones for the next spent a third of its time on that.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

__all__ = ["kept_memory"]

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -2, -3, -8
"""Of mallopt(3)."""
_LARGEST_KEPT = 32 << 20
"""The most that glibc takes for a threshold: larger blocks come from the system and go back at once."""
_NEVER = (1 << 31) - 1
_STEP = 64 << 20
_ARENAS_PER_CORE = 8


@contextmanager
def kept_memory() -> Iterator[None]:
    """Inside the `with` block glibc keeps what is freed, in one arena for all threads, and Arrow takes its memory from
    there.

    Afterwards what is free goes back to the system. Without glibc nothing changes.
    """
    libc = _glibc()
    if libc is None:
        yield
        return
    pool = pa.default_memory_pool()
    libc.mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT)
    libc.mallopt(_TRIM_THRESHOLD, _NEVER)
    libc.mallopt(_TOP_PAD, _STEP)
    libc.mallopt(_ARENA_MAX, 1)
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(pool)
        # Where glibc's own thresholds end once a block of the largest size was freed; it moves them no more.
        libc.mallopt(_TRIM_THRESHOLD, 2 * _LARGEST_KEPT)
        libc.mallopt(_TOP_PAD, 1 << 17)
        libc.mallopt(_ARENA_MAX, _ARENAS_PER_CORE * (os.cpu_count() or 1))
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "gnu_get_libc_version") and hasattr(libc, "mallopt") else None
