"""How a call to a party outside can fail. Whoever calls has to know one thing: was it done, not done, or is it open?"""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["DoorError", "Duplicate", "Refused", "Unclear", "Unreachable"]


class DoorError(HuiminError):
    """A call that brought no answer to work with. `reason` is a code, never a value: it may be kept and logged."""

    code = "door"

    def __init__(self, party: str, operation: str, reason: str, *, retry_after: float = 0.0) -> None:
        super().__init__(f"{party}, {operation}: {reason}", values={"party": party, "reason": reason})
        self.party, self.operation, self.reason = party, operation, reason
        self.retry_after = retry_after
        """Seconds after which another try makes sense, where somebody said so; else 0."""


class Unreachable(DoorError):
    """It was not done: the party was not reached, or said that it cannot do anything just now. Try again later."""

    code = "door_unreachable"


class Refused(DoorError):
    """It was not done: the party understood what was asked and said no. Asking the same again will not help."""

    code = "door_refused"


class Unclear(DoorError):
    """It may have been done or not: it was asked, and what came back says nothing that can be relied on.

    Ask the party what it knows (each door has a query) before anything is asked a second time.
    """

    code = "door_unclear"


class Duplicate(DoorError):
    """The party has had something under this key before, and does not say again what became of it: query it."""

    code = "door_duplicate"
