"""The loop of a worker, which goes on when the database is away or when one job fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import connections

from huimin.errors import HuiminError
from huimin.platform.foundation.unavailable import trouble_of

__all__ = ["fault_of", "keep_working", "told_of"]

log = logging.getLogger("huimin.working")
_LONGEST_PAUSE = 30.0


def keep_working(
    once: Callable[[], bool], pause: float, until: Callable[[], bool], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Call `once` until `until` says to stop: again at once while it finds work, otherwise after `pause` seconds.

    While the database cannot be reached, is full or is locked, the pauses grow, and each round begins with a new
    connection. Any other error from `once` ends the process; its supervisor starts it again.
    """
    wait = pause
    while not until():
        try:
            wait = 0.0 if once() else pause
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            connections.close_all()
            wait = min(max(2 * wait, pause, 0.5), _LONGEST_PAUSE)
            log.warning("%s; next round in %.1f s", trouble.code, wait)
        sleep(wait)


def fault_of(error: Exception, job: str) -> str:
    """The sentence that is stored for a job that failed. An error of the database is raised again: the job can try
    later.

    An error raised on purpose has its own sentence. Of any other only the type is named, since its message may repeat
    personal data; the log says where it happened.
    """
    if isinstance(error, HuiminError):
        return error.message
    if trouble_of(error) is not None:
        raise error
    log.error("%s failed", job, exc_info=error)
    return f"internal error ({type(error).__name__}); the server's log says where, under {job!r}"


def told_of(error: Exception, job: str) -> dict[str, object]:
    """What is stored for a failed job: `fault`, the sentence for logs, and the code and values from which pages make
    their own sentence.
    """
    fault = fault_of(error, job)
    if isinstance(error, HuiminError):
        return {"fault": fault, "fault_code": error.code, "fault_values": dict(error.values)}
    return {"fault": fault, "fault_code": "internal_error", "fault_values": {"job": job}}
