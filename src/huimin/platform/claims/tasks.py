"""A worker's nightly task: compares the queue of held bills with their histories."""

from __future__ import annotations

from huimin.errors import HuiminError
from huimin.platform.claims.cases.checking import check_queue
from huimin.platform.tasks.api import Attempt

__all__ = ["check_cases"]

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
