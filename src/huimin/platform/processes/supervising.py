"""Keeps child processes running: one that ends is started again, after a pause that grows each time it ends quickly."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

__all__ = ["Child", "pause_before_restart", "supervise"]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_STEADY = 30.0
"""A child that ran for this many seconds is healthy, and the next pause is short again."""
_LOOK_EVERY = 0.2
_GRACE = 12.0
"""Seconds that children have to end after they were asked to."""
_MODULE = "huimin.platform.processes.child"


@dataclass(slots=True)
class Child:
    """One process and its module with arguments. `failures`: quick ends in a row."""

    name: str
    module: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float = field(default=0.0)


def pause_before_restart(failures: int) -> float:
    """Seconds: 0.5, 1, 2, 4 … and half a minute at most."""
    return min(_FIRST_PAUSE * 2.0 ** min(max(failures - 1, 0), 10), _LONGEST_PAUSE)


def supervise(children: Sequence[Child], parent: int) -> int:
    """Run the children until SIGTERM or SIGINT comes, then end all of them. It goes on when a child ends."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while True:
            for child in children:
                look_after(child, time.monotonic(), lambda child: _start(child, parent))
            time.sleep(_LOOK_EVERY)
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end([child.process for child in children if child.process is not None])


def look_after(child: Child, now: float, start: Callable[[Child], Any]) -> None:
    """Notice that a child has ended, and start it again when it is due. `now` is in seconds of a monotonic clock."""
    if child.process is not None:
        status = child.process.poll()
        if status is None:
            return
        child.failures = 1 if now - child.started >= _STEADY else child.failures + 1
        child.due = now + pause_before_restart(child.failures)
        child.process = None
        _say(f"{child.name} ended with {status}; it starts again in {child.due - now:g} s")
    if now >= child.due:
        child.started = now
        try:
            child.process = start(child)
        except OSError as error:
            # There is no memory or no process left at the moment.
            child.failures += 1
            child.due = now + pause_before_restart(child.failures)
            _say(f"{child.name} cannot be started ({error.strerror}); next try in {child.due - now:g} s")


def _start(child: Child, parent: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", _MODULE, str(parent), *child.module])  # noqa: S603 - our own modules


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + _GRACE
    for process in processes:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _say(text: str) -> None:
    sys.stderr.write(f"huimin serve: {text}\n")
    sys.stderr.flush()
