"""What adjudicates a plan year: whole fen, basis points, names and dates, nothing else. Portable as JSON.

Anyone can run a program with `evaluate.py` and the standard library; nothing of the terms language is needed then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from huimin.errors import InputError

__all__ = [
    "BenefitProgram",
    "Condition",
    "DiseaseGroupProgram",
    "ItemProgram",
    "LimitProgram",
    "Program",
    "Schedule",
    "program_from_json",
    "program_to_json",
]

FORMAT = "huimin-program/2"

Condition = tuple[tuple[str, str, tuple[Any, ...]], ...]
"""Demands that must all hold: (fact, how, values). how: `in` (the fact is one of the values), `between` (lowest and
highest, both included), `any_of` (the fact is a set that has one of the values). No demand: it always holds."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Tiers for those who meet `when`: pairs (start of the band in fen, rate in basis points). None: not known."""

    when: Condition
    tiers: tuple[tuple[int, int], ...] | None


@dataclass(frozen=True, slots=True)
class LimitProgram:
    """The most that is paid. `per`: settlement, year or life. Limits of one pool are used up together."""

    per: str
    amount: int
    when: Condition
    pool: str


@dataclass(frozen=True, slots=True)
class BenefitProgram:
    """One benefit. Of `deductibles` and `schedules` the first whose condition holds is used; the last always holds."""

    id: str
    quantity: str
    """The base's first quantity; empty where the base is the cost of items on the list `items_on`."""
    less_quantities: tuple[str, ...] = ()
    less_benefits: tuple[str, ...] = ()
    items_on: str | None = None
    med_types: tuple[str, ...] = ()
    undecided_med_types: tuple[str, ...] = ()
    when: Condition = ()
    waiting_days: int = 0
    waiting_waived: tuple[Condition, ...] = ()
    deductible_per: str | None = None
    deductibles: tuple[tuple[Condition, int], ...] = ()
    deductible_pool: str = ""
    on_gross: bool = False
    """The tiers start at the first fen of the base, not at the deductible."""
    schedules: tuple[Schedule, ...] = ()
    adjustments: tuple[tuple[Condition, int], ...] = ()
    limits: tuple[LimitProgram, ...] = ()

    @property
    def needed(self) -> tuple[str, ...]:
        """The quantities that a bill must have."""
        own = (self.quantity, *self.less_quantities) if self.quantity else ()
        return (*own, "personal")

    def conditions(self) -> Iterator[Condition]:
        yield self.when
        yield from self.waiting_waived
        yield from (when for when, _ in self.deductibles)
        yield from (schedule.when for schedule in self.schedules)
        yield from (when for when, _ in self.adjustments)
        yield from (limit.when for limit in self.limits)


@dataclass(frozen=True, slots=True)
class ItemProgram:
    """An item of a list on the days from which and to which it stands there, both included; None: without end."""

    code: str
    from_day: date | None
    to_day: date | None
    indications: tuple[str, ...]
    year_limit: int | None


@dataclass(frozen=True, slots=True)
class DiseaseGroupProgram:
    """Ranges of ICD-10 codes, both ends included; None: not known."""

    id: str
    ranges: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class Program:
    """What adjudicates one plan year. Dates are inclusive; `bill_date` is settlement, admission or discharge."""

    plan: str
    cover_from: date
    cover_to: date
    bill_date: str
    benefits: tuple[BenefitProgram, ...]
    disease_groups: tuple[DiseaseGroupProgram, ...] = ()
    item_lists: tuple[tuple[str, tuple[ItemProgram, ...] | None], ...] = ()
    """(list, its items); None where they are not known."""

    def facts_asked_for(self) -> frozenset[str]:
        """The names of all facts that some condition asks for."""
        return frozenset(fact for benefit in self.benefits for when in benefit.conditions() for fact, _, _ in when)

    @property
    def digest(self) -> str:
        """SHA-256 of the program's JSON: two programs with one digest decide alike."""
        return hashlib.sha256(program_to_json(self).encode()).hexdigest()


def program_to_json(program: Program) -> str:
    """Canonical JSON: sorted keys, no spaces, dates as YYYY-MM-DD."""
    document = {"format": FORMAT, **asdict(program)}
    return json.dumps(document, default=date.isoformat, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def program_from_json(text: str) -> Program:
    """The inverse of program_to_json. Raises InputError when the text is not a program of this format."""
    try:
        document = json.loads(text)
        if document.pop("format") != FORMAT:
            raise InputError(f"expected a program of format {FORMAT}", code="bad_program")
        return _program(document)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"the text is not a program: {error}", code="bad_program") from error


def _program(document: dict[str, Any]) -> Program:
    _convert(document, "cover_from", date.fromisoformat)
    _convert(document, "cover_to", date.fromisoformat)
    _convert(document, "benefits", lambda rows: tuple(_benefit(row) for row in rows))
    _convert(
        document,
        "disease_groups",
        lambda rows: tuple(DiseaseGroupProgram(row["id"], _tuples(row["ranges"])) for row in rows),
    )
    _convert(
        document,
        "item_lists",
        lambda rows: tuple((name, None if items is None else tuple(map(_item, items))) for name, items in rows),
    )
    return Program(**document)


def _benefit(document: dict[str, Any]) -> BenefitProgram:
    schedules = tuple(Schedule(_tuples(row["when"]), _tuples(row["tiers"])) for row in document.pop("schedules"))
    limits = tuple(LimitProgram(**{**row, "when": _tuples(row["when"])}) for row in document.pop("limits"))
    plain = {key: _tuples(value) for key, value in document.items()}
    unknown = plain.keys() - {field.name for field in fields(BenefitProgram)}
    if unknown:
        raise InputError(f"found the unknown key {min(unknown)!r} in a benefit", code="bad_program")
    return BenefitProgram(schedules=schedules, limits=limits, **plain)


def _item(document: dict[str, Any]) -> ItemProgram:
    days = {key: date.fromisoformat(document[key]) if document[key] else None for key in ("from_day", "to_day")}
    return ItemProgram(**{**document, **days, "indications": tuple(document["indications"])})


def _convert(document: dict[str, Any], key: str, parse: Callable[[Any], Any]) -> None:
    document[key] = parse(document[key])


def _tuples(value: Any) -> Any:
    """JSON's lists as tuples, all the way down."""
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
