"""The life of a line: which event may follow which, and what it stands at because of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from huimin.errors import HuiminError
from huimin.platform.foundation.events import Event, that_stand
from huimin.platform.foundation.events.recording import append_to_each, histories_of
from huimin.platform.foundation.models import City
from huimin.platform.payments.personal_account.models import AccountLine, LineState

__all__ = ["SUBJECT", "lock_lines", "move", "state_of"]

SUBJECT = "account_line"
_AFTER: Mapping[str, LineState] = {
    "requested": LineState.REQUESTED,
    "hold_unclear": LineState.UNCLEAR,
    "held": LineState.HELD,
    "refused": LineState.REFUSED,
    "release_asked": LineState.RELEASING,
    "released": LineState.RELEASED,
    "listed": LineState.LISTED,
    "approved": LineState.APPROVED,
    "struck_out": LineState.STRUCK_OUT,
    "transferred": LineState.TRANSFERRED,
    "received": LineState.RECEIVED,
    "returned": LineState.RETURNED,
}
"""What a line stands at after an event. `used` and `charged` are remembered and change nothing of it."""
_ASKED = {LineState.REQUESTED, LineState.UNCLEAR}
_BEFORE: Mapping[str, set[LineState]] = {
    "hold_unclear": _ASKED,
    "held": _ASKED,
    "refused": _ASKED,
    "release_asked": {*_ASKED, LineState.HELD},
    "released": {LineState.RELEASING},
    "used": {*_ASKED, LineState.HELD},
    "listed": {LineState.HELD},
    "approved": {LineState.LISTED, LineState.HELD},
    "struck_out": {LineState.LISTED, LineState.HELD},
    "transferred": {LineState.APPROVED, LineState.RETURNED},
    "received": {LineState.TRANSFERRED},
    "returned": {LineState.TRANSFERRED, LineState.RECEIVED},
}


def state_of(events: Iterable[Event]) -> LineState:
    """What a line stands at. Raises ValueError for a history that does not even begin."""
    for event in reversed(that_stand(events)):
        if event.kind in _AFTER:
            return _AFTER[event.kind]
    raise ValueError("found no event of a line; expected that it was requested")


def lock_lines(city: City, keys: Sequence[str]) -> list[AccountLine]:
    """These lines, locked in one order. Those that are not there are left out."""
    return list(AccountLine.objects.fetch(city, {"key": list(keys)}, order_by=("id",), lock=True)) if keys else []


def move(
    city: City,
    lines: Sequence[AccountLine],
    kind: str,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    note: str = "",
    data: Mapping[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Record this event of each line, and what it stands at then. `lines` are locked; `columns` are written with it.

    Raises HuiminError (`account_line_state`) where it cannot follow on what one of them stands at; nothing is written
    then.
    """
    _refuse(lines, kind)
    if not lines:
        return
    histories = histories_of(city, SUBJECT, [line.key for line in lines])
    said = {**(data or {}), **({"reason": reason} if reason else {})}
    append_to_each(histories.values(), kind, by=by, at=at, reason=note, data=said)
    changes = {
        **columns,
        **({"state": _AFTER[kind]} if kind in _AFTER else {}),
        **({"reason": reason} if reason else {}),
    }
    AccountLine.objects.of(city).filter(pk__in=[line.pk for line in lines]).update(**changes)
    for line in lines:
        for name, value in changes.items():
            setattr(line, name, value)


def _refuse(lines: Sequence[AccountLine], kind: str) -> None:
    before = _BEFORE.get(kind)
    wrong = [line for line in lines if before is not None and LineState(line.state) not in before]
    if wrong:
        expected = " or ".join(sorted(before or ()))
        raise HuiminError(
            f"line {wrong[0].key} is {wrong[0].state}; expected {expected} before it is {kind}",
            code="account_line_state",
            values={"key": wrong[0].key, "state": str(wrong[0].state)},
        )
