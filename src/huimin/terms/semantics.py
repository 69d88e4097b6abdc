"""Faults that no single field shows: what the parts of a plan say to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from huimin.errors import Fault
from huimin.money import BASIS, format_percent, format_yuan
from huimin.terms.model import Benefit, Plan, Residual

__all__ = ["semantic_faults"]


def semantic_faults(plan: Plan, sources: frozenset[str]) -> Iterator[Fault]:
    """Every fault of a plan whose fields are each well formed. `sources` are the names that sources.toml defines."""
    if plan.cover.last_day < plan.cover.first_day:
        yield Fault("cover.last_day", str(plan.cover.last_day), f"a day not before first_day, {plan.cover.first_day}")
    yield from _window_faults(plan)
    counts = Counter(benefit.id for benefit in plan.benefit)
    for index, benefit in enumerate(plan.benefit):
        place = f"benefit[{index}]"
        if counts[benefit.id] > 1:
            yield Fault(f"{place}.id", repr(benefit.id), "an id that no other benefit has")
        earlier = frozenset(b.id for b in plan.benefit[:index] if b.unknown is None)
        yield from _benefit_faults(place, benefit, earlier)
    yield from _source_faults(plan, sources)


def _window_faults(plan: Plan) -> Iterator[Fault]:
    window = plan.enrolment
    if (window.last_day is None) == (window.unknown is None):
        yield Fault("enrolment", "both or neither of last_day and unknown", "exactly one of them")
    if window.last_day is not None and window.last_day < window.first_day:
        yield Fault("enrolment.last_day", str(window.last_day), f"a day not before {window.first_day}")
    bill_date = plan.cover.bill_date
    if (bill_date.source is None) == (bill_date.assumed is None):
        yield Fault(
            "cover.bill_date",
            "both or neither of source and assumed",
            "a source, or assumed = the reason when the clauses are silent",
        )


def _benefit_faults(place: str, benefit: Benefit, earlier: frozenset[str]) -> Iterator[Fault]:
    terms = {"base": benefit.base, "settings": benefit.settings, "tiers": benefit.tiers}
    if benefit.unknown is not None:
        for key in (key for key, value in terms.items() if value):
            yield Fault(f"{place}.{key}", "terms beside unknown", "either the terms or unknown, not both")
        return
    for key in (key for key, value in terms.items() if not value):
        yield Fault(f"{place}.{key}", "nothing", f'its {key}, or unknown = "why" for the whole benefit')
    if isinstance(benefit.base, Residual):
        for name in benefit.base.less_benefits:
            if name not in earlier:
                yield Fault(f"{place}.base.less_benefits", repr(name), "a benefit with known terms that stands before")
    yield from _tier_faults(place, benefit)
    for kind in ("year", "settlement"):
        if sum(limit.per == kind for limit in benefit.limits) > 1:
            yield Fault(f"{place}.limits", f"two limits per {kind}", "at most one")
    for undecided in benefit.undecided:
        if undecided.setting in benefit.settings:
            yield Fault(f"{place}.undecided", repr(undecided.setting), "a setting that is not in settings as well")


def _tier_faults(place: str, benefit: Benefit) -> Iterator[Fault]:
    starts = [tier.above_yuan for tier in benefit.tiers]
    if starts and starts[0] != 0:
        yield Fault(
            f"{place}.tiers[0].above_yuan", format_yuan(starts[0]), "0: the first tier starts at the deductible"
        )
    for index in range(1, len(starts)):
        if starts[index] <= starts[index - 1]:
            yield Fault(
                f"{place}.tiers[{index}].above_yuan",
                format_yuan(starts[index]),
                f"more than {format_yuan(starts[index - 1])}, where the tier before starts: tiers may not overlap",
            )
    for index, adjustment in enumerate(benefit.adjustments):
        if adjustment.when.model_dump(exclude_none=True) == {}:
            yield Fault(f"{place}.adjustments[{index}].when", "no condition", "at least one fact of the member")
    points = [adjustment.percentage_points for adjustment in benefit.adjustments]
    lowest, highest = sum(p for p in points if p < 0), sum(p for p in points if p > 0)
    for index, tier in enumerate(benefit.tiers):
        for rate in (tier.percent + lowest, tier.percent + highest):
            if not 0 <= rate <= BASIS:
                yield Fault(
                    f"{place}.tiers[{index}].percent",
                    f"{format_percent(rate)} after adjustments",
                    "a rate from 0% to 100% for every member",
                )


def _source_faults(plan: Plan, sources: frozenset[str]) -> Iterator[Fault]:
    for place, name in _sources_in(plan.model_dump(), ""):
        if name not in sources:
            yield Fault(place, repr(name), "a source that sources.toml names")


def _sources_in(node: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "source" and isinstance(value, str):
                yield f"{place}.source".lstrip("."), value
            else:
                yield from _sources_in(value, f"{place}.{key}".lstrip("."))
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from _sources_in(value, f"{place}[{index}]")
