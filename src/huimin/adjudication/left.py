"""What is left of the deductibles and limits that a bill meets, in the year without the bill and with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from huimin.adjudication.applying import bill_day
from huimin.adjudication.decisions import BenefitDecision, Decision
from huimin.adjudication.program import Program

__all__ = ["Left", "left_of"]

_PERIOD = {"year": 0, "life": 0, "month": len("2022-04"), "day": len("2022-04-18")}
"""How many characters of a bill's day name the period of a limit."""


class Left(NamedTuple):
    """What is left of one deductible or limit, in fen.

    `kind`: deductible or limit. `per`: year, month, day or life. `benefits` are those of the bill that share it.
    `amount` is the whole of it. `before` is what the year leaves without the bill, `after` what it leaves with it; the
    whole year counts, also bills that are later than this one. `source` is the clause.
    """

    kind: str
    per: str
    benefits: tuple[str, ...]
    amount: int
    before: int
    after: int
    source: str


class _Shared(NamedTuple):
    """A deductible or limit that bills of a year use up together. `period`: the day or month of a limit for one."""

    kind: str
    pool: str
    per: str
    period: str
    amount: int
    source: str


def left_of(
    program: Program,
    bill: Decision,
    before: Sequence[Decision],
    after: Sequence[Decision],
    paid_before: Mapping[str, int],
) -> tuple[Left, ...]:
    """What is left of what the benefits on `bill` share over the year, in the plan's order.

    `before` and `after` are the year's decisions without and with the bill. `paid_before`: fen paid under limits for
    life in earlier years, by pool. What begins anew with each bill is left out: nothing is ever left of it.
    """
    sharing: dict[_Shared, list[str]] = defaultdict(list)
    for line in bill.benefits:
        for shared in _shared_by(line, _day(program, bill)):
            sharing[shared].append(line.benefit)
    found = []
    for shared, benefits in sharing.items():
        earlier = paid_before.get(shared.pool, 0) if shared.per == "life" else 0
        was, stays = (max(0, shared.amount - earlier - _used(program, shared, year)) for year in (before, after))
        found.append(Left(shared.kind, shared.per, tuple(benefits), shared.amount, was, stays, shared.source))
    return tuple(found)


def _shared_by(line: BenefitDecision, day: str) -> Iterator[_Shared]:
    benefit, terms = line.applied.benefit, line.applied.deductible_by
    if benefit.deductible_per == "year":
        source = terms.source if terms is not None else ""
        yield _Shared("deductible", benefit.deductible_pool, "year", "", line.applied.deductible, source)
    for limit in line.applied.limits:
        if limit.per != "settlement":
            yield _Shared("limit", limit.pool, limit.per, day[: _PERIOD[limit.per]], limit.amount, limit.source)


def _used(program: Program, shared: _Shared, year: Sequence[Decision]) -> int:
    """How many fen of it the year's bills have used up."""
    if shared.kind == "deductible":
        lines = (line for decision in year for line in decision.benefits)
        return sum(line.deductible_applied for line in lines if _bears(line, shared.pool))
    return sum(
        line.payable
        for decision in year
        if _day(program, decision).startswith(shared.period)
        for line in decision.benefits
        if any((limit.pool, limit.per) == (shared.pool, shared.per) for limit in line.applied.limits)
    )


def _bears(line: BenefitDecision, pool: str) -> bool:
    benefit = line.applied.benefit
    return benefit.deductible_per == "year" and benefit.deductible_pool == pool


def _day(program: Program, decision: Decision) -> str:
    return str(bill_day(program, decision.settlement))
