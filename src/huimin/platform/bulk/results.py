"""What came of each row of a file, read a thousand at a time: for the answer that its sender gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huimin.platform.bulk.models import ENROLLED, BulkRow, RowState
from huimin.platform.enrolment.api import policies_by_order
from huimin.platform.foundation.models import City

__all__ = ["RowResult", "results_of"]

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row: the number it has in the file, its sender's own, how it stands, its policy, and what is wrong with it.

    `faults`: (column, code, what was found), from which a page makes sentences.
    """

    number: int
    reference: str
    state: str
    policy: str
    faults: tuple[tuple[str, str, str], ...]

    @property
    def outcome(self) -> str:
        """`enrolled`, `refused` or `waiting`: one of three, whatever it waits for."""
        if self.state == RowState.ENROLLED:
            return "enrolled"
        ended = (RowState.FAULTY, RowState.REFUSED, RowState.DECLINED, RowState.LAPSED, RowState.CANCELLED)
        return "refused" if self.state in ended else "waiting"


def results_of(city: City, file_id: int, *, faulty: bool = False) -> Iterator[RowResult]:
    """Every row in the file's order; `faulty`: those alone in which the check found something."""
    last = 0
    while rows := _next(city, file_id, last, faulty):
        last = rows[-1].number
        orders = [row.order for row in rows if row.state in ENROLLED and not row.policy]
        policies = policies_by_order(city, orders) if orders else {}
        for row in rows:
            faults = tuple((column, code, found) for column, code, found in row.faults)
            policy = row.policy or policies.get(row.order, "")
            yield RowResult(row.number, row.reference, row.state, policy, faults)


def _next(city: City, file_id: int, last: int, faulty: bool) -> Sequence[BulkRow]:
    rows = BulkRow.objects.of(city).filter(file=file_id, number__gt=last)
    chosen = rows.filter(state=RowState.FAULTY) if faulty else rows
    return list(chosen.order_by("number")[:_AT_ONCE])
