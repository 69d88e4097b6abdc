"""Cases as arrays for the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from huimin.adjudication.applying import Applied
from huimin.adjudication.program import Program
from huimin.batch.decide import kernel_terms as kernel
from huimin.batch.decide.cases import Case

__all__ = ["PlanArrays", "months_between", "plan_arrays"]

_MONTHS = 12
_PER = {
    "settlement": kernel.PER_SETTLEMENT,
    "day": kernel.PER_DAY,
    "month": kernel.PER_MONTH,
    "year": kernel.PER_YEAR,
    "life": kernel.PER_YEAR,
}
_DEDUCTIBLE = {None: kernel.NO_DEDUCTIBLE, "year": kernel.OF_YEAR, "settlement": kernel.OF_SETTLEMENT}
_TIERS = 2
_NO_POOL = -1
_NOT_PLAIN = (0,) * kernel.PLAIN_COLUMNS
_ALLOWANCE = {"settlement": kernel.BY_EVENT, "day": kernel.BY_DAY, "month": kernel.BY_MONTH}


def months_between(first: date, last: date) -> int:
    """Calendar months that a cover touches."""
    return (last.year - first.year) * _MONTHS + last.month - first.month + 1


@dataclass(frozen=True, slots=True)
class PlanArrays:
    """Terms for the kernel. `benefits[c]` has the places of the benefits that are decided in case c. `quantities` and
    `lists` name the columns of amounts.
    """

    terms: kernel.Terms
    benefits: tuple[tuple[int, ...], ...]
    quantities: tuple[str, ...]
    lists: tuple[str, ...]


class _Table:
    """Rows that are collected one by one and become arrays."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.place = {benefit.id: n for n, benefit in enumerate(program.benefits)}
        asked = dict.fromkeys(q for b in program.benefits for q in (b.quantity, *b.less_quantities) if q)
        self.quantities = tuple(asked) or ("personal",)
        self.lists = tuple(dict.fromkeys(b.items_on for b in program.benefits if b.items_on))
        self.entries: list[tuple[int, ...]] = []
        self.allowances: list[tuple[int, ...]] = []
        self.less: list[int] = []
        self.tiers: list[tuple[int, int]] = []
        self.limits: list[tuple[int, int, int]] = []
        self.plain: list[tuple[int, ...]] = []
        self.pools: dict[tuple[str, str], int] = {}
        self.counts: dict[str, int] = {}

    def pool(self, kind: str, name: str) -> int:
        """The place of a pool. `kind` is deductible, year, month or day; each kind is counted by itself."""
        key = (kind, name)
        if key not in self.pools:
            self.pools[key] = self.counts.get(kind, 0)
            self.counts[kind] = self.pools[key] + 1
        return self.pools[key]

    def add(self, one: Applied) -> None:
        benefit, tiers = one.benefit, one.tiers
        kind, column = kernel.QUANTITY, 0
        if benefit.allowance is not None:
            kind = kernel.ALLOWANCE
        elif benefit.items_on is not None:
            kind, column = kernel.LISTED, self.lists.index(benefit.items_on)
        else:
            column = self.quantities.index(benefit.quantity)
        earlier = [self.place[name] for name in benefit.less_benefits]
        unit, how = benefit.rounding or (0, "")
        self.entries.append(
            (
                self.place[benefit.id],
                kind,
                column,
                len(self.less),
                sum(1 << place for place in earlier),
                _DEDUCTIBLE[benefit.deductible_per],
                one.deductible,
                self.pool("deductible", benefit.deductible_pool),
                len(self.tiers),
                unit,
                int(how == "half_up"),
                len(self.limits),
                benefit.minimum,
            )
        )
        allowance = benefit.allowance
        most = kernel.NO_LIMIT if allowance is None or allowance.most is None else allowance.most
        terms = (_ALLOWANCE[allowance.per], allowance.amount, allowance.free) if allowance else (0, 0, 0)
        self.allowances.append((*terms, int(most)))
        self.less += [self.quantities.index(name) for name in benefit.less_quantities]
        self.tiers += tiers
        limits = []
        for limit in one.limits:
            period = {"day": "day", "month": "month"}.get(limit.per, "year")
            limits.append((_PER[limit.per], limit.amount, self.pool(period, limit.pool)))
        self.limits += limits
        self.plain.append(self._plain(one, limits) if kind == kernel.QUANTITY else _NOT_PLAIN)

    def add_nothing(self) -> int:
        """Add the entry for bills to which no benefit applies: a quantity less itself, so that its line has 0 fen.
        Returns its place.
        """
        place, column = len(self.program.benefits), 0
        less, tiers, limits = len(self.less), len(self.tiers), len(self.limits)
        no_deductible = (kernel.NO_DEDUCTIBLE, 0, 0)
        self.entries.append((place, kernel.QUANTITY, column, less, 0, *no_deductible, tiers, 0, 0, limits, 0))
        self.allowances.append((0, 0, 0, int(kernel.NO_LIMIT)))
        self.less.append(column)
        self.plain.append((1, 0, column, 0, 0, int(kernel.NO_LIMIT), 0, 0, int(kernel.NO_LIMIT), _NO_POOL, 0))
        return place

    def _plain(self, one: Applied, limits: Sequence[tuple[int, int, int]]) -> tuple[int, ...]:
        """The entry in one row, where it has the commonest form."""
        benefit, tiers = one.benefit, one.tiers
        if (
            benefit.less_quantities
            or benefit.deductible_per not in {None, "year"}
            or [above for above, _ in tiers[:1]] != [0]
            or len(tiers) > _TIERS
            or benefit.rounding is not None
            or benefit.minimum > 0
            or len(limits) > 1
            or any(per != kernel.PER_YEAR for per, *_ in limits)
        ):
            return _NOT_PLAIN
        _, limit, pool = limits[0] if limits else (kernel.PER_YEAR, int(kernel.NO_LIMIT), _NO_POOL)
        upper_above, upper_rate = tiers[1] if len(tiers) == _TIERS else (int(kernel.NO_LIMIT), 0)
        return (
            1,
            1,
            self.quantities.index(benefit.quantity),
            one.deductible if benefit.deductible_per else 0,
            self.pool("deductible", benefit.deductible_pool),
            upper_above,
            tiers[0][1],
            upper_rate,
            limit,
            pool,
            sum(1 << self.place[name] for name in benefit.less_benefits),
        )


def plan_arrays(program: Program, cases: Sequence[Case]) -> PlanArrays:
    """Each case's entries, in the plan's order. Cases that are held have none."""
    table = _Table(program)
    starts, benefits = [0], []
    for case in cases:
        decided = [one for one in case.benefits if one.undecided is None]
        for one in decided:
            table.add(one)
        places = [table.place[one.benefit.id] for one in decided]
        if case.nothing_applies:
            places.append(table.add_nothing())
        benefits.append(tuple(places))
        starts.append(len(table.entries))
    return PlanArrays(_terms(program, table, starts), tuple(benefits), table.quantities, table.lists)


def _plain_entries(table: _Table) -> kernel.Array:
    found = np.array(table.plain, np.int64).reshape(len(table.plain), kernel.PLAIN_COLUMNS)
    pool = found[:, kernel.LIMIT_POOL]
    pool[pool == _NO_POOL] = table.counts.get("year", 0)
    return found


def _terms(program: Program, table: _Table, starts: list[int]) -> kernel.Terms:
    entries = np.array(table.entries, np.int64).reshape(len(table.entries), 13).T.copy()
    tiers = np.array(table.tiers, np.int64).reshape(len(table.tiers), 2).T.copy()
    limits = np.array(table.limits, np.int64).reshape(len(table.limits), 3).T.copy()
    sizes = (
        len(program.benefits) + 1,  # the last stands for "no benefit applies"
        table.counts.get("deductible", 0),
        table.counts.get("year", 0),
        table.counts.get("month", 0),
        table.counts.get("day", 0),
        months_between(program.cover_from, program.cover_to),
        (program.cover_to - program.cover_from).days + 1,
        kernel.OF_SETTLEMENT in entries[5] or kernel.PER_SETTLEMENT in limits[0],
    )

    def places(values: Sequence[int] | kernel.Array) -> kernel.Array:
        return np.array(values, np.uint64)

    def with_end(column: int, end: int) -> kernel.Array:
        return places([*entries[column].tolist(), end])

    return kernel.Terms(
        case_start=places(starts),
        entry_benefit=places(entries[0]),
        entry_kind=entries[1],
        entry_column=places(entries[2]),
        entry_less_start=with_end(3, len(table.less)),
        less_column=places(table.less),
        entry_less_benefits=entries[4],
        entry_deductible_per=entries[5],
        entry_deductible=entries[6],
        entry_deductible_pool=places(entries[7]),
        entry_tier_start=with_end(8, len(table.tiers)),
        tier_above=tiers[0],
        tier_rate=tiers[1],
        entry_rounding_unit=entries[9],
        entry_rounding_half=entries[10],
        entry_limit_start=with_end(11, len(table.limits)),
        limit_per=places(limits[0]),
        limit_amount=limits[1],
        limit_pool=places(limits[2]),
        entry_minimum=entries[12],
        entry_allowance=np.array(table.allowances, np.int64).reshape(len(table.allowances), 4),
        entry_plain=_plain_entries(table),
        sizes=np.array(sizes, np.int64),
    )
