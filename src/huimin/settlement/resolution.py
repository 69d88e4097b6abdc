"""Which settlements count: repeats are dropped, conflicts refused, and reversed bills cancelled.

The result does not depend on the order in which settlements arrive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from huimin.errors import Refusal
from huimin.settlement.record import Settlement

__all__ = ["Resolution", "resolve"]

_order = attrgetter("setl_time", "setl_id")
"""Bills of one member are decided in this order; the id orders bills of the same moment."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """`active` in adjudication order; `cancelled` holds reversed bills and the rows that reversed them."""

    active: tuple[Settlement, ...]
    cancelled: tuple[Settlement, ...]
    refused: tuple[Refusal, ...]


def resolve(settlements: Iterable[Settlement]) -> Resolution:
    """Sort settlements into active, cancelled and refused. Each refused row has a refusal of its own."""
    given = tuple(settlements)
    if len({settlement.setl_id for settlement in given}) == len(given) and not any(map(_reverses, given)):
        return Resolution(tuple(sorted(given, key=_order)), (), ())
    by_id: dict[str, list[Settlement]] = defaultdict(list)
    for settlement in given:
        by_id[settlement.setl_id].append(settlement)
    refused: list[Refusal] = []
    single = {setl_id: rows[0] for setl_id, rows in by_id.items() if _admit(rows, refused)}
    cancelled_ids = _cancelled_ids(single, refused)
    refused_ids = {refusal.setl_id for refusal in refused if refusal.code != "duplicate"}
    active = [
        settlement
        for setl_id, settlement in single.items()
        if setl_id not in cancelled_ids and setl_id not in refused_ids
    ]
    cancelled = [settlement for setl_id, settlement in single.items() if setl_id in cancelled_ids]
    return Resolution(
        tuple(sorted(active, key=_order)),
        tuple(sorted(cancelled, key=_order)),
        tuple(refused),
    )


def _reverses(settlement: Settlement) -> bool:
    return settlement.reverses is not None


def _admit(rows: Sequence[Settlement], refused: list[Refusal]) -> bool:
    """Whether the rows of one id are one settlement. Repeats are refused; if the rows differ, all of them are."""
    first, repeats = rows[0], rows[1:]
    if all(row == first for row in repeats):
        refused += [
            Refusal(first.setl_id, "duplicate", f"settlement {first.setl_id} was given before with the same content")
            for _ in repeats
        ]
        return True
    reason = f"settlement {first.setl_id} was given {len(rows)} times with different content; none of them is used"
    refused += [Refusal(first.setl_id, "conflicting_duplicate", reason) for _ in rows]
    return False


def _cancelled_ids(single: dict[str, Settlement], refused: list[Refusal]) -> set[str]:
    """Ids of reversed bills and of the rows that reverse them. A reversal of a bill that was not given is refused.

    Where two rows reverse one bill the first in the order of bills counts, so that arrival does not matter.
    """
    cancelled: set[str] = set()
    reversals = sorted(filter(_reverses, single.values()), key=_order)
    for reversal in reversals:
        target = single.get(reversal.reverses or "")
        refusal = _refuse_reversal(reversal, target, cancelled)
        if refusal is not None:
            refused.append(refusal)
        elif target is not None:
            cancelled |= {reversal.setl_id, target.setl_id}
    return cancelled


def _refuse_reversal(reversal: Settlement, target: Settlement | None, cancelled: set[str]) -> Refusal | None:
    setl_id, named = reversal.setl_id, reversal.reverses
    values = {"named": named or ""}
    if target is None:
        return Refusal(setl_id, "reverses_unknown", f"it reverses settlement {named}, which was not given", values)
    if target.reverses is not None:
        return Refusal(setl_id, "reverses_reversal", f"it reverses {named}, which is itself a reversal", values)
    if target.psn_no != reversal.psn_no:
        return Refusal(
            setl_id, "reverses_other_member", f"it reverses {named}, which belongs to another member", values
        )
    if target.setl_id in cancelled:
        return Refusal(
            setl_id, "already_reversed", f"settlement {named} was already reversed by an earlier row", values
        )
    return None
