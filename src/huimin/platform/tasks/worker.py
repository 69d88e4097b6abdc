"""The worker: takes due tasks of its lanes and does them, one after the other, until it is stopped."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import connections

from huimin.platform.foundation.selectors import all_cities
from huimin.platform.foundation.unavailable import trouble_of
from huimin.platform.foundation.worker_rounds import keep_working, told_of
from huimin.platform.tasks.attempts import Attempt, NotNowError, StoppedError, TryAgainError
from huimin.platform.tasks.folders import remove_left_over
from huimin.platform.tasks.holding import (
    finish,
    finish_together,
    give_back,
    mark_failed,
    still_held_of,
    take,
    try_later,
)
from huimin.platform.tasks.kinds import Kind, Lane, function_of, kinds_of, scheduled, together_of
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.services import plan_ahead

__all__ = ["Worker", "work_on_tasks"]

log = logging.getLogger("huimin.work")
_PLAN_EVERY = 3600.0
_FIRST_REST, _LONGEST_REST = 1.0, 60.0
_LONGEST_ASKED = 600.0
"""The longest pause: a party that asks for more than ten minutes is asked again after ten."""


@dataclass(slots=True)
class Worker:
    """The state of one process. `clock` gives seconds that only rise."""

    lanes: Sequence[Lane]
    name: str = field(default_factory=lambda: f"{socket.gethostname()[:60]}:{os.getpid()}")
    clock: Callable[[], float] = time.monotonic
    in_hand: list[Task] = field(default_factory=list)
    """Tasks taken, and neither marked nor given back yet."""
    rests: dict[str, tuple[float, float]] = field(default_factory=dict)
    """For functions whose party could not be reached: until when their kinds rest, and how long that rest is, in
    seconds.
    """
    next_plan: float = 0.0
    """When to plan scheduled tasks again, by `clock`."""


def work_on_tasks(lanes: Sequence[Lane], pause: float = 0.5, until: Callable[[], bool] = lambda: False) -> None:
    """Work until told to stop. A process that is asked to end gives back its tasks as if it had not taken them."""
    worker = Worker(lanes)
    try:
        keep_working(lambda: once(worker), pause, until)
    finally:
        if worker.in_hand:
            # The signal may have come in the middle of a statement, so the connection cannot be used again.
            connections.close_all()
            give_back(worker.in_hand)


def once(worker: Worker) -> bool:
    """One round. Returns whether there was anything to do. Raises the database's error if it is in trouble."""
    if worker.in_hand:
        # An earlier round met trouble with the database and could not even give its tasks back.
        _let_go(worker)
    _plan(worker)
    kinds = {name: kind for name, kind in kinds_of(Lane).items() if not _rests(worker, kind)}
    if not kinds:
        return False
    worker.in_hand = take(worker.lanes, kinds, worker.name)
    found, begun = bool(worker.in_hand), worker.clock()
    if found and kinds[worker.in_hand[0].kind].together:
        _do_together(worker, kinds[worker.in_hand[0].kind])
    while worker.in_hand:
        kind = kinds[worker.in_hand[0].kind]
        if worker.clock() - begun > kind.silent.total_seconds() / 2:
            # The batch takes too long: the rest might count as lost before it is done.
            _let_go(worker)
            break
        _do(worker, worker.in_hand[0], kind)
    return found


def _do_together(worker: Worker, kind: Kind) -> None:
    """Make an attempt at all tasks in hand at once. Those that are still in hand afterwards are to be done alone.

    A task that was tried before is not among them: it may be what made the others fail.
    """
    if worker.in_hand[0].attempts > 1:
        return
    done: set[int] = set()

    def finished(attempts: Sequence[Attempt]) -> None:
        finish_together([attempt.task for attempt in attempts])
        done.update(attempt.task.pk for attempt in attempts)

    try:
        together_of(kind)([Attempt(task, kind) for task in worker.in_hand], finished)
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is not None and trouble.code == "database_unavailable":
            raise
        log.warning("%s %s were not done together (%s)", len(worker.in_hand), kind.name, type(error).__name__)
        # Some may have been done in a transaction before, and one that failed at its very end called them finished.
        worker.in_hand = still_held_of(worker.in_hand)
        return
    worker.in_hand = [task for task in worker.in_hand if task.pk not in done]


def _do(worker: Worker, task: Task, kind: Kind) -> None:
    """Make one attempt. Afterwards the worker no longer holds the task, unless the database was in trouble."""
    try:
        write = function_of(kind)(Attempt(task, kind))
        if not finish(task, write):
            log.warning("%s %s was done, but it is not ours any more: nothing is written", task.kind, task.pk)
    except StoppedError as error:
        log.info("%s %s is not done any further: it was %s", task.kind, task.pk, error)
    except NotNowError as error:
        _rest(worker, kind, error)
        _let_go(worker)
        return
    except TryAgainError as error:
        _failed_once(task, kind, error.code)
    except Exception as error:
        # A failing task must not end the worker, which would then take it again and again.
        if trouble_of(error) is not None:
            raise
        told = told_of(error, f"{task.kind} {task.pk}")
        log.error("%s %s has failed: %s", task.kind, task.pk, told["fault_code"])
        mark_failed(task, told)
    worker.rests.pop(kind.function, None)
    worker.in_hand.pop(0)


def _failed_once(task: Task, kind: Kind, code: str) -> None:
    log.warning(
        "%s %s was not done (%s, attempt %s of %s)", task.kind, task.pk, code, task.attempts, kind.most_attempts
    )
    if task.attempts < kind.most_attempts:
        try_later(task, code)
        return
    fault = f"{kind.most_attempts} attempts failed, the last with {code}"
    mark_failed(task, {"fault": fault, "fault_code": code, "fault_values": {"times": str(kind.most_attempts)}})


def _let_go(worker: Worker) -> None:
    give_back(worker.in_hand)
    worker.in_hand = []


def _rest(worker: Worker, kind: Kind, error: NotNowError) -> None:
    """Let all kinds that use the same function, and so need the same party, rest for a while.

    The rest doubles each time in a row, and is at least as long as the party asks for.
    """
    _until, before = worker.rests.get(kind.function, (0.0, _FIRST_REST / 2))
    seconds = min(2 * before, _LONGEST_REST)
    wait = max(seconds, min(error.retry_after, _LONGEST_ASKED))
    worker.rests[kind.function] = worker.clock() + wait, seconds
    log.warning("%s cannot be done now (%s); next attempt in %.0f s", kind.name, error.code, wait)


def _rests(worker: Worker, kind: Kind) -> bool:
    return worker.clock() < worker.rests.get(kind.function, (0.0, 0.0))[0]


def _plan(worker: Worker) -> None:
    """Once an hour, and when the worker starts, plan scheduled tasks and remove left-over folders."""
    if worker.clock() >= worker.next_plan:
        plan_ahead(all_cities(), scheduled())
        remove_left_over()
        worker.next_plan = worker.clock() + _PLAN_EVERY
