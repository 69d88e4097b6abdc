"""A plan compiled to a program: whole fen, basis points, names and dates, nothing else. Portable as JSON.

Anyone can run a program with `evaluate.py` and the standard library; nothing of the terms language is needed then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

from huimin.errors import InputError
from huimin.settlement import MED_TYPES

if TYPE_CHECKING:
    from huimin.terms.model import Adjustment, Benefit, Plan

__all__ = [
    "BenefitProgram",
    "Program",
    "Schedule",
    "compile_plan",
    "program_from_json",
    "program_to_json",
]

FORMAT = "huimin-program/1"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Tiers for the members whose facts equal `when`: pairs (start of the band in fen, rate in basis points)."""

    when: tuple[tuple[str, bool], ...]
    tiers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class BenefitProgram:
    """One benefit. The first schedule whose facts fit the member is used; the last fits everybody."""

    id: str
    quantity: str
    less_benefits: tuple[str, ...]
    med_types: tuple[str, ...]
    undecided_med_types: tuple[str, ...]
    deductible_per: str | None
    deductible: int
    schedules: tuple[Schedule, ...]
    settlement_limit: int | None
    year_limit: int | None


@dataclass(frozen=True, slots=True)
class Program:
    """What adjudicates one plan year. Dates are inclusive; `bill_date` is settlement, admission or discharge."""

    plan: str
    cover_from: date
    cover_to: date
    bill_date: str
    benefits: tuple[BenefitProgram, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the program's JSON: two programs with one digest decide alike."""
        return hashlib.sha256(program_to_json(self).encode()).hexdigest()


def compile_plan(plan: Plan) -> Program:
    """The program of a plan's known benefits. A benefit whose terms are unknown is left out and pays nothing."""
    return Program(
        plan=plan.id,
        cover_from=plan.cover.first_day,
        cover_to=plan.cover.last_day,
        bill_date=plan.cover.bill_date.by,
        benefits=tuple(_compile_benefit(benefit) for benefit in plan.benefit if benefit.unknown is None),
    )


def _compile_benefit(benefit: Benefit) -> BenefitProgram:
    base = benefit.base
    assert base is not None, "a benefit with known terms has a base: semantic_faults refused any other"  # noqa: S101
    limits = {limit.per: limit.yuan for limit in benefit.limits}
    return BenefitProgram(
        id=benefit.id,
        quantity=base if isinstance(base, str) else base.quantity,
        less_benefits=() if isinstance(base, str) else base.less_benefits,
        med_types=tuple(MED_TYPES[setting] for setting in benefit.settings),
        undecided_med_types=tuple(MED_TYPES[undecided.setting] for undecided in benefit.undecided),
        deductible_per=benefit.deductible.per if benefit.deductible else None,
        deductible=benefit.deductible.yuan if benefit.deductible else 0,
        schedules=tuple(_schedules(benefit)),
        settlement_limit=limits.get("settlement"),
        year_limit=limits.get("year"),
    )


def _schedules(benefit: Benefit) -> Iterator[Schedule]:
    """One schedule for each set of adjustments that can hold together, the fullest first, the plain one last."""
    for size in range(len(benefit.adjustments), -1, -1):
        for chosen in combinations(benefit.adjustments, size):
            when = _together(chosen)
            if when is None:
                continue
            points = sum(adjustment.percentage_points for adjustment in chosen)
            yield Schedule(when, tuple((tier.above_yuan, tier.percent + points) for tier in benefit.tiers))


def _together(adjustments: tuple[Adjustment, ...]) -> tuple[tuple[str, bool], ...] | None:
    """The facts under which all these adjustments hold, or None when they contradict each other."""
    facts: dict[str, bool] = {}
    for adjustment in adjustments:
        for fact, value in adjustment.when.model_dump(exclude_none=True).items():
            if facts.setdefault(fact, value) != value:
                return None
    return tuple(sorted(facts.items()))


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
        benefits = tuple(_benefit_from(benefit) for benefit in document.pop("benefits"))
        cover_from = date.fromisoformat(document.pop("cover_from"))
        cover_to = date.fromisoformat(document.pop("cover_to"))
        return Program(cover_from=cover_from, cover_to=cover_to, benefits=benefits, **document)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"the text is not a program: {error}", code="bad_program") from error


def _benefit_from(document: dict[str, Any]) -> BenefitProgram:
    schedules = tuple(
        Schedule(
            tuple((fact, value) for fact, value in schedule["when"]),
            tuple((above, rate) for above, rate in schedule["tiers"]),
        )
        for schedule in document.pop("schedules")
    )
    for key in ("less_benefits", "med_types", "undecided_med_types"):
        document[key] = tuple(document[key])
    return BenefitProgram(schedules=schedules, **document)
