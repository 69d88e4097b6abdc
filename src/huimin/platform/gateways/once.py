"""Asking a party to do something that must not be done twice, where an earlier try may or may not have succeeded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from huimin.platform.gateways.failures import DoorError, Duplicate, Unclear

__all__ = ["ask_once"]

Known = TypeVar("Known")


def ask_once(ask: Callable[[], Known], query: Callable[[], Known | None], *, asked_before: bool) -> Known:
    """What became of it: as the party knows it from before, or by asking now. Raises a DoorError.

    `query` says what the party knows of it, None where it knows nothing. Where it was asked before and nobody knows how
    that ended, the query comes first. Where asking comes out unclear, the query tells whether it was done; if the party
    knows nothing of it, the failure stands: what was asked may still be on its way, so it is not asked again at once.
    """
    if asked_before and (known := query()) is not None:
        return known
    try:
        return ask()
    except (Unclear, Duplicate) as failure:
        try:
            known = query()
        except DoorError:
            # Whoever asks next has to know that it may have been done.
            raise failure from None
        if known is None:
            raise
        return known
