"""A worker's tasks: compares the queue of held bills with their histories at night, and counts deadlines again."""

from __future__ import annotations

from huimin.errors import HuiminError
from huimin.platform.claims.cases.checking import check_queue
from huimin.platform.tasks.api import Attempt

__all__ = ["check_cases", "recount_deadlines"]

_SHOWN = 20


def check_cases(attempt: Attempt) -> None:
    """Raises HuiminError (`queue_differs`) with the number of bills whose columns are not what their histories say.

    Their places in the queue are corrected first. A wrong closing is left for a person.
    """
    faults = check_queue(attempt.task.city, attempt.progress)
    if not faults:
        return
    more = f"\n… and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    said = f"found {len(faults)} held bills whose columns are not what their histories say; expected none"
    text = f"{said}:\n" + "\n".join(faults[:_SHOWN]) + more
    raise HuiminError(text, code="queue_differs", values={"count": str(len(faults))})


def recount_deadlines(attempt: Attempt) -> None:
    """Write the last day of each held bill anew: the city declared a day off, a worked day or a moratorium."""
    check_queue(attempt.task.city, attempt.progress)
