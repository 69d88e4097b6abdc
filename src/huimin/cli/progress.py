"""A line that shows how far a long job is, and when it will be done."""

from __future__ import annotations

import time
from typing import TextIO

__all__ = ["ProgressLine"]

_SHARES = {"reading": (0.0, 0.35), "deciding": (0.35, 0.65)}
"""Where each step begins in the whole job, and its part of it, as measured with 50 million bills."""
_FIRST, _EVERY, _EVERY_IN_A_FILE = 2.0, 0.2, 30.0
"""Seconds until the first line, and between two lines on a terminal and elsewhere."""


class ProgressLine:
    """The line is overwritten on a terminal. In a file there is a new line each time, less often. Quick jobs show
    nothing.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.live = stream.isatty()
        self.begun = time.monotonic()
        self.next = self.begun + _FIRST
        self.begun_at: float | None = None
        self.written = False

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self.written and self.live:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def show(self, step: str, done: int, of: int) -> None:
        first, share = _SHARES[step]
        part = first + share * done / max(1, of)
        if self.begun_at is None:
            self.begun_at = part  # a resumed job had done this much before
        now = time.monotonic()
        if now < self.next:
            return
        self.next = now + (_EVERY if self.live else _EVERY_IN_A_FILE)
        ahead = part - self.begun_at
        left = (now - self.begun) / ahead * (1 - part) if ahead > 0 else None
        text = f"{step}: {done} of {of}; {part:.0%} done" + (f", about {_minutes(left)} left" if left else "")
        self.stream.write(f"\r\x1b[K{text}" if self.live else f"{text}\n")
        self.stream.flush()
        self.written = True


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"  # noqa: PLR2004 - a minute and a half
