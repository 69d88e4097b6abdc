"""A program: the terms of a plan year as whole fen, basis points, names and dates and nothing else.

`evaluate.py` runs it and `program_json` writes and reads it as portable JSON.

Anyone can run a program with the standard library alone; the language of plan files is not needed for that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from huimin.money import BASIS

__all__ = [
    "NOT_COVERED",
    "AdjustmentProgram",
    "AllowanceProgram",
    "BenefitProgram",
    "Condition",
    "DeductibleProgram",
    "DiseaseGroupProgram",
    "ExclusionProgram",
    "ItemProgram",
    "LimitProgram",
    "PreExistingProgram",
    "Program",
    "Schedule",
]

NOT_COVERED = "not_covered"
"""Stands in place of a benefit's id in the single row of a bill to which no benefit applies. No benefit has this id."""

Condition = tuple[tuple[str, str, tuple[Any, ...]], ...]
"""Demands that must all hold: (fact, how, values). how: `in` (the fact is one of the values), `between` (lowest and
highest, both included), `any_of` (the fact is a set that has one of the values). No demand: it always holds."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Tiers for those who meet `when`: pairs (start of the band in fen, rate in basis points).

    `tiers` is None where a term is not known. `unknown` then says which one, tiers or deductible, and why in the plan
    file's words.
    """

    when: Condition
    tiers: tuple[tuple[int, int], ...] | None
    sources: tuple[str, ...] = ()
    """The clause of each tier, as the plan file names it."""
    unknown: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DeductibleProgram:
    """What those who meet `when` bear before the benefit starts, in fen. `source` is the clause."""

    when: Condition
    amount: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class AdjustmentProgram:
    """Basis points that are added to every rate where `when` holds, or taken from it. `source`: the clause."""

    when: Condition
    points: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class LimitProgram:
    """The most that is paid. `per`: settlement, day, month, year or life. Limits of one pool are used up together.

    `source`: the clause.
    """

    per: str
    amount: int
    when: Condition
    pool: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class AllowanceProgram:
    """A sum for each unit, whatever the bill's cost. `per`: settlement, day (of stay) or month (with such a bill).

    The first `free` days of a stay are not paid. At most `most` units count in a year; None: all of them.
    """

    per: str
    amount: int
    free: int
    most: int | None


@dataclass(frozen=True, slots=True)
class ExclusionProgram:
    """Keeps `benefits` (all if none is named) from applying where `when` holds and none of `exceptions` does."""

    id: str
    when: Condition
    exceptions: tuple[Condition, ...]
    benefits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreExistingProgram:
    """Which earlier diagnoses are pre-existing conditions.

    Diagnoses in these groups, made before the cover year's first day. With `first_cover` it is the first day of the
    earliest year since which the person has been insured without a break. `within_months` says how long before that day
    a diagnosis counts at most.
    """

    groups: tuple[str, ...]
    before: str
    within_months: int | None


@dataclass(frozen=True)
class BenefitProgram:
    """One benefit. The first of `deductibles`, and of `schedules`, whose condition holds is used; the last one always
    holds.
    """

    id: str
    quantity: str
    """The quantity the base starts from; empty where the base is the cost of items on the list `items_on`, or an
    allowance.
    """
    less_quantities: tuple[str, ...] = ()
    less_benefits: tuple[str, ...] = ()
    items_on: str | None = None
    allowance: AllowanceProgram | None = None
    med_types: tuple[str, ...] = ()
    undecided_med_types: tuple[str, ...] = ()
    when: Condition = ()
    waiting_days: int = 0
    waiting_waived: tuple[Condition, ...] = ()
    deductible_per: str | None = None
    deductibles: tuple[DeductibleProgram, ...] = ()
    deductible_pool: str = ""
    on_gross: bool = False
    """Whether the tiers start at the first fen of the base and not at the deductible."""
    schedules: tuple[Schedule, ...] = ()
    adjustments: tuple[AdjustmentProgram, ...] = ()
    rates_between: tuple[int, int] = (0, BASIS)
    """The lowest and the highest rate after adjustments."""
    rounding: tuple[int, str] | None = None
    """How the tiers' payment on one bill is rounded: (unit in fen, `down` or `half_up`)."""
    rounding_source: str = ""
    limits: tuple[LimitProgram, ...] = ()
    minimum: int = 0
    """The least that is paid out: a smaller payment is not made. In fen."""
    minimum_source: str = ""
    unknown: str | None = None
    """Why its terms are not known. It may pay on bills of its `med_types`, or on every bill if it has none."""

    def concerns(self, med_type: str) -> bool:
        """Whether the benefit pays, or may pay, on bills of this kind of care."""
        return med_type in self.med_types or (self.unknown is not None and not self.med_types)

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The quantities that a bill must have."""
        if self.allowance is not None:
            return ()
        own = (self.quantity, *self.less_quantities) if self.quantity else ()
        return (*own, "personal")

    def conditions(self) -> Iterator[Condition]:
        yield self.when
        yield from self.waiting_waived
        yield from (deductible.when for deductible in self.deductibles)
        yield from (schedule.when for schedule in self.schedules)
        yield from (adjustment.when for adjustment in self.adjustments)
        yield from (limit.when for limit in self.limits)


@dataclass(frozen=True, slots=True)
class ItemProgram:
    """An item that is on a list from one day to another, both included; None: without a first or last day.

    A code that ends in `*` stands for every code with that beginning. Where indications, lines of therapy, gene tests
    or channels are empty, any will do. The limits bound how much of the cost counts, in fen: of one item, in a month,
    in a year.
    """

    code: str
    from_day: date | None
    to_day: date | None
    indications: tuple[str, ...]
    year_limit: int | None
    lines: tuple[int, ...] = ()
    gene_tests: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    month_limit: int | None = None
    unit_limit: int | None = None


@dataclass(frozen=True, slots=True)
class DiseaseGroupProgram:
    """Ranges of ICD-10 codes, both ends included; None: not known."""

    id: str
    ranges: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True)
class Program:
    """The program of one plan year. Dates are inclusive; `bill_date` is settlement, admission or discharge."""

    plan: str
    cover_from: date
    cover_to: date
    bill_date: str
    benefits: tuple[BenefitProgram, ...]
    disease_groups: tuple[DiseaseGroupProgram, ...] = ()
    item_lists: tuple[tuple[str, tuple[ItemProgram, ...] | None], ...] = ()
    """(list, its items); None where they are not known."""
    lists_unknown: tuple[tuple[str, str], ...] = ()
    """(list, why its items are not known)."""
    hospital_lists: tuple[tuple[str, tuple[str, ...] | None], ...] = ()
    """(list, the codes of its hospitals); None where they are not known."""
    exclusions: tuple[ExclusionProgram, ...] = ()
    payers_before: tuple[str, ...] = ()
    """The quantities that others pay towards the person's own part before this plan does."""
    pre_existing: PreExistingProgram | None = None
    editions: tuple[str, ...] = ()
    """The plan's editions: a member of any other is refused where the terms ask for it."""
    claimed_apart: tuple[tuple[str, str], ...] = ()
    """(benefit, why) of benefits of unknown terms that are not claimed by a bill. Decisions leave them out and say
    so.
    """

    def conditions(self) -> Iterator[Condition]:
        for benefit in self.benefits:
            yield from benefit.conditions()
        for exclusion in self.exclusions:
            yield exclusion.when
            yield from exclusion.exceptions

    @cached_property
    def line_names(self) -> tuple[str, ...]:
        """The names that a line of a decision may have: the benefits' ids, then the word for a bill to which none
        applies.
        """
        return (*(benefit.id for benefit in self.benefits), NOT_COVERED)

    @cached_property
    def facts_asked_for(self) -> frozenset[str]:
        """The names of all facts that some condition asks for."""
        return frozenset(fact for when in self.conditions() for fact, _, _ in when)

    @cached_property
    def asks_whether_items(self) -> bool:
        """Whether a decision may depend on the bill having no listed items at all.

        A benefit on items then pays nothing, even if its list, its deductible or its rates are not known.
        """
        of_items = [benefit for benefit in self.benefits if benefit.items_on is not None]
        terms_unknown = any(schedule.tiers is None for benefit in of_items for schedule in benefit.schedules)
        return terms_unknown or any(benefit.items_on in self.unknown_lists for benefit in of_items)

    @cached_property
    def unknown_lists(self) -> dict[str | None, str]:
        """Lists whose items are not known, each with the reason."""
        reasons = dict(self.lists_unknown)
        return {name: reasons.get(name, "") for name, items in self.item_lists if items is None}

    @cached_property
    def may_leave_undecided(self) -> bool:
        """Whether there is a bill on which this program cannot say what some benefit pays."""
        unknown = (one.unknown is not None or any(s.tiers is None for s in one.schedules) for one in self.benefits)
        return self.asks_whether_items or any(unknown)

    @cached_property
    def has_waiting(self) -> bool:
        return any(benefit.waiting_days for benefit in self.benefits)

    @cached_property
    def undecided_med_types(self) -> frozenset[str]:
        """The med_types that some benefit covers in part, by a list that is not known."""
        return frozenset(med_type for benefit in self.benefits for med_type in benefit.undecided_med_types)

    @cached_property
    def life_pools(self) -> tuple[str, ...]:
        """The pools of lifetime limits, in alphabetical order."""
        limits = (limit for benefit in self.benefits for limit in benefit.limits)
        return tuple(sorted({limit.pool for limit in limits if limit.per == "life"}))

    @property
    def digest(self) -> str:
        """SHA-256 of the program's JSON, hexadecimal: two programs with the same digest decide alike."""
        from huimin.adjudication.program_json import program_to_json  # noqa: PLC0415 - program_json imports this module

        return hashlib.sha256(program_to_json(self).encode()).hexdigest()
