"""What a policy says on a day follows from all its endorsements, in whatever order we learned of them.

Without a database. A *correction* says what was always so; a *change* says what is so from a day on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huimin.platform.foundation.events import Event, that_stand
from huimin.platform.servicing.happened import Happened

__all__ = ["Endorsement", "endorsements_in", "facts_on", "said_on"]

_ENDORSING = frozenset({Happened.CORRECTED, Happened.CHANGED})


@dataclass(frozen=True, slots=True)
class Endorsement:
    """`facts` by name, as JSON has them. `from_day` is None where they were always so.

    `dated`: the day of the paper that shows them. Of two endorsements about the same days the one with the later paper
    counts, whichever came to us first; `key` decides between papers of one day.
    """

    key: str
    facts: Mapping[str, Any]
    from_day: date | None
    dated: date

    @property
    def rank(self) -> tuple[date, date, str]:
        """Of several that say something of a fact on one day, the greatest counts."""
        return self.from_day or date.min, self.dated, self.key


def said_on(endorsements: Iterable[Endorsement], day: date) -> dict[str, Any]:
    """What endorsements say of the facts on this day, by name; what none names is as it was when it was issued.

    The order in which they are given does not matter. A correction of what was always so changes nothing of what is
    another from a later day on.
    """
    found: dict[str, Endorsement] = {}
    for one in endorsements:
        if one.from_day is not None and one.from_day > day:
            continue
        for name in one.facts:
            if name not in found or found[name].rank < one.rank:
                found[name] = one
    return {name: found[name].facts[name] for name in sorted(found)}


def facts_on(issued: Mapping[str, Any], endorsements: Iterable[Endorsement], day: date) -> dict[str, Any]:
    """The facts of a policy on a day. `issued`: as they were when it was issued."""
    return {**issued, **said_on(endorsements, day)}


def endorsements_in(events: Iterable[Event]) -> list[Endorsement]:
    """The endorsements of a policy's history that nobody took back."""
    return [_endorsement(event) for event in that_stand(events) if event.kind in _ENDORSING]


def _endorsement(event: Event) -> Endorsement:
    said, day = event.data, event.data.get("from_day")
    facts = event.personal.get("facts", {})
    from_day = date.fromisoformat(day) if day else None
    return Endorsement(said["key"], facts, from_day, date.fromisoformat(said["dated"]))
