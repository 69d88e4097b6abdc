"""Faults of one benefit that show only when several of its fields are read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from huimin.errors import Fault
from huimin.money import BASIS, format_percent, format_yuan
from huimin.terms.alternatives import alternative_faults, variant_faults
from huimin.terms.benefit import Allowance, AllowanceBase, Benefit, ItemBase, Limit, Residual, Tier
from huimin.terms.model import Plan

__all__ = ["benefit_faults"]

_NO_BENEFIT = "not_covered"


def benefit_faults(plan: Plan, place: str, benefit: Benefit, earlier: frozenset[str]) -> Iterator[Fault]:
    terms = {"base": benefit.base, "settings": benefit.settings, "tiers": benefit.tiers or benefit.tiers_unknown}
    if benefit.unknown is not None:
        for key in (key for key, value in terms.items() if value and key != "settings"):
            yield Fault(f"{place}.{key}", "terms beside unknown", "either the terms or unknown, not both")
    yield from _name_faults(place, benefit)
    if benefit.unknown is not None:
        return
    if isinstance(benefit.base, AllowanceBase):
        yield from _allowance_faults(place, benefit, benefit.base.allowance)
        del terms["tiers"]  # without tiers an allowance is paid in full
    for key in (key for key, value in terms.items() if not value):
        yield Fault(f"{place}.{key}", "nothing", f'its {key}, or unknown = "why" for the whole benefit')
    if isinstance(benefit.base, Residual):
        for name in benefit.base.less_benefits:
            if name not in earlier:
                yield Fault(f"{place}.base.less_benefits", repr(name), "a benefit with known terms that stands before")
        if not (benefit.base.less or benefit.base.less_benefits):
            yield Fault(f"{place}.base", "nothing that is taken away", f'base = "{benefit.base.quantity}"')
    if isinstance(benefit.base, ItemBase) and benefit.base.items_on not in {listing.id for listing in plan.item_list}:
        yield Fault(f"{place}.base.items_on", repr(benefit.base.items_on), "the id of an item_list")
    for undecided in benefit.undecided:
        if undecided.setting in benefit.settings:
            yield Fault(f"{place}.undecided", repr(undecided.setting), "a setting that is not in settings as well")
    yield from _deductible_faults(plan, place, benefit)
    yield from _variant_faults(plan, place, benefit)
    yield from _rate_faults(place, benefit)
    yield from _limit_faults(place, benefit.limits)


def _name_faults(place: str, benefit: Benefit) -> Iterator[Fault]:
    """Faults of the benefit's id and of `claimed_apart`."""
    if benefit.id == _NO_BENEFIT:
        yield Fault(f"{place}.id", repr(benefit.id), "another word: decisions say so of bills that no benefit covers")
    if benefit.claimed_apart is not None and benefit.unknown is None:
        yield Fault(f"{place}.claimed_apart", "terms that are known", "it of a benefit whose terms are unknown")
    if benefit.claimed_apart is not None and benefit.settings:
        yield Fault(f"{place}.settings", "settings beside claimed_apart", "either of them: it is not claimed by a bill")


def _allowance_faults(place: str, benefit: Benefit, allowance: Allowance) -> Iterator[Fault]:
    if benefit.deductible is not None:
        yield Fault(
            f"{place}.deductible", "a deductible of an allowance", "none; free_days where its first days bring nothing"
        )
    if allowance.free_days and allowance.per != "day":
        yield Fault(f"{place}.base.allowance.free_days", f"per = {allowance.per!r}", "an allowance per day")


def _deductible_faults(plan: Plan, place: str, benefit: Benefit) -> Iterator[Fault]:
    deductible = benefit.deductible
    if deductible is None:
        return
    place = f"{place}.deductible"
    given = (deductible.fen, deductible.parameter, deductible.unknown)
    if sum(value is not None for value in given) != 1:
        yield Fault(place, "none or several of yuan, parameter and unknown", "exactly one of them")
    conditions = [variant.when for variant in deductible.variants]
    parameter = next((p for p in plan.parameter if p.id == deductible.parameter), None)
    if deductible.parameter is not None and parameter is None:
        yield Fault(f"{place}.parameter", repr(deductible.parameter), "the id of a parameter")
    yield from variant_faults(f"{place}.variants", conditions)
    for when in dict.fromkeys(value.when for value in parameter.values) if parameter is not None else ():
        # The value for everybody holds only where no variant does, so the two cannot clash.
        for condition in conditions if when.demands() else ():
            yield from alternative_faults(f"{place}.variants", [condition, when])
    if benefit.tiers_on == "gross" and (deductible.per != "year" or deductible.shared):
        yield Fault(
            f"{place}", "a shared deductible, or one per settlement", "an annual one of its own under gross tiers"
        )


def _variant_faults(plan: Plan, place: str, benefit: Benefit) -> Iterator[Fault]:
    if benefit.tiers and benefit.tiers_unknown:
        yield Fault(f"{place}.tiers", "tiers beside tiers_unknown", "either of them")
    yield from _tier_faults(plan, f"{place}.tiers", benefit, benefit.tiers)
    for index, variant in enumerate(benefit.variants):
        if bool(variant.tiers) == (variant.unknown is not None):
            yield Fault(f"{place}.variants[{index}]", "both or neither of tiers and unknown", "exactly one of them")
        yield from _tier_faults(plan, f"{place}.variants[{index}].tiers", benefit, variant.tiers)
    yield from variant_faults(f"{place}.variants", [variant.when for variant in benefit.variants])


def _tier_faults(plan: Plan, place: str, benefit: Benefit, tiers: Sequence[Tier]) -> Iterator[Fault]:
    names = {tier.above_parameter for tier in tiers if tier.above_parameter is not None}
    for name in sorted(names - {parameter.id for parameter in plan.parameter}):
        yield Fault(place, f"above_parameter {name!r}", "the id of a parameter")
    if len(names) > 1:
        yield Fault(place, f"{len(names)} parameters", "at most one")
    for index, tier in enumerate(tiers):
        if (tier.above_fen is None) == (tier.above_parameter is None):
            yield Fault(f"{place}[{index}]", "both or neither of above_yuan and above_parameter", "exactly one of them")
    starts = [tier.above_fen for tier in tiers]
    first = starts[0] if starts else None
    if first and benefit.tiers_on == "excess":
        yield Fault(f"{place}[0].above_yuan", format_yuan(first), "0: the first tier starts at the deductible")
    if first and benefit.tiers_on == "gross" and first > _least_deductible(benefit):
        yield Fault(
            f"{place}[0].above_yuan",
            format_yuan(first),
            f"at most {format_yuan(_least_deductible(benefit))}, the deductible: nothing is said of what lies between",
        )
    for index, (before, start) in enumerate(pairwise(starts), start=1):
        if before is not None and start is not None and start <= before:
            yield Fault(
                f"{place}[{index}].above_yuan",
                format_yuan(start),
                f"more than {format_yuan(before)}, where the tier before starts: tiers may not overlap",
            )


def _least_deductible(benefit: Benefit) -> int:
    deductible = benefit.deductible
    if deductible is None or deductible.fen is None:
        return 0
    return min([deductible.fen, *(variant.fen for variant in deductible.variants)])


def _rate_faults(place: str, benefit: Benefit) -> Iterator[Fault]:
    for index, adjustment in enumerate(benefit.adjustments):
        if not adjustment.when.demands():
            yield Fault(f"{place}.adjustments[{index}].when", "no condition", "at least one fact of the member or bill")
    floor, ceiling = benefit.lowest_basis_points, benefit.highest_basis_points
    if floor is not None and ceiling is not None and floor > ceiling:
        yield Fault(
            f"{place}.lowest_percent", format_percent(floor), f"at most highest_percent, {format_percent(ceiling)}"
        )
    points = [adjustment.basis_points for adjustment in benefit.adjustments]
    lowest = sum(p for p in points if p < 0) if floor is None else 0
    highest = sum(p for p in points if p > 0) if ceiling is None else 0
    lists = [(f"{place}.tiers", benefit.tiers)]
    lists += [(f"{place}.variants[{n}].tiers", variant.tiers) for n, variant in enumerate(benefit.variants)]
    for where, tiers in lists:
        for index, tier in enumerate(tiers):
            for rate in (tier.basis_points + lowest, tier.basis_points + highest):
                if not 0 <= rate <= BASIS:
                    yield Fault(
                        f"{where}[{index}].percent",
                        f"{format_percent(rate)} after adjustments",
                        "a rate from 0% to 100% for every member",
                    )


def _limit_faults(place: str, limits: Sequence[Limit]) -> Iterator[Fault]:
    for index, limit in enumerate(limits):
        if (limit.fen is None) == (limit.unknown is None):
            yield Fault(f"{place}.limits[{index}]", "both or neither of yuan and unknown", "exactly one of them")
    for one, other in combinations([limit for limit in limits if limit.shared is None], 2):
        if one.per == other.per and one.when.can_hold_with(other.when):
            yield Fault(f"{place}.limits", f"two limits per {one.per} for one member and bill", "at most one")
