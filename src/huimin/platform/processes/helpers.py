"""`python -m huimin.platform.processes.helpers NAME`: one of the helpers of `huimin serve`, until it is stopped.

NAME is `seals`, or `payments`, which asks about those of which no notice came; or a lane of the queue (`messages`,
`jobs`, `orders`, `issuing`), with a number where several work in one lane: `jobs-2`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

__all__ = ["main"]


def _work(lane: str) -> Callable[[], None]:
    from huimin.platform.tasks.api import Lane, work_on_tasks  # noqa: PLC0415 - needs django.setup()

    return partial(work_on_tasks, [Lane(lane)])


def _seals() -> Callable[[], None]:
    from huimin.platform.seals.api import keep_sealing  # noqa: PLC0415

    return keep_sealing


def _payments() -> Callable[[], None]:
    from huimin.platform.enrolment.api import keep_asking  # noqa: PLC0415

    return keep_asking


_ROUNDS = {"seals": _seals, "payments": _payments}
"""Helpers that are not lanes of the queue and work in rounds of their own."""
_GIVES_WAY = {"messages": 5, "jobs": 10, "seals": 10}
"""How nice a helper is where processors are short: pages and policies are waited for, a text or a study can be late."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huimin.platform.settings")
    import django  # noqa: PLC0415

    django.setup()
    # A worker that is asked to end gives back its tasks. The signal's default would end it at once.
    signal.signal(signal.SIGTERM, _stop)
    name, _, _number = sys.argv[1].partition("-")
    os.nice(_GIVES_WAY.get(name, 0))
    helper = _ROUNDS[name]() if name in _ROUNDS else _work(name)
    helper()


if __name__ == "__main__":
    main()
