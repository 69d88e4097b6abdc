"""Faults that no single field shows: what the parts of a plan say to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from pydantic import BaseModel

from huimin.errors import Fault
from huimin.money import BASIS, format_percent, format_yuan
from huimin.terms.benefit import Benefit, ItemBase, ItemList, Limit, Residual, Tier
from huimin.terms.conditions import When
from huimin.terms.model import Plan

__all__ = ["semantic_faults"]


def semantic_faults(plan: Plan, sources: frozenset[str]) -> Iterator[Fault]:
    """Every fault of a plan whose fields are each well formed. `sources` are the names that sources.toml defines."""
    if plan.cover.last_day < plan.cover.first_day:
        yield Fault("cover.last_day", str(plan.cover.last_day), f"a day not before first_day, {plan.cover.first_day}")
    yield from _window_faults(plan)
    yield from _alternative_faults("premium.variants", [variant.when for variant in plan.premium.variants])
    yield from _name_faults(plan)
    yield from _parameter_faults(plan)
    yield from _group_and_list_faults(plan)
    for index, benefit in enumerate(plan.benefit):
        earlier = frozenset(b.id for b in plan.benefit[:index] if b.unknown is None)
        yield from _benefit_faults(plan, f"benefit[{index}]", benefit, earlier)
    yield from _sharing_faults(plan)
    yield from _condition_faults(plan)
    yield from _source_faults(plan, sources)


def _window_faults(plan: Plan) -> Iterator[Fault]:
    window = plan.enrolment
    known = window.first_day is not None and window.last_day is not None
    if known == (window.unknown is not None):
        yield Fault(
            "enrolment", "both days and unknown, or a day missing without it", "both days, or unknown = why not"
        )
    if window.first_day and window.last_day and window.last_day < window.first_day:
        yield Fault("enrolment.last_day", str(window.last_day), f"a day not before {window.first_day}")
    if (plan.premium.yuan is None) == (plan.premium.unknown is None):
        yield Fault("premium", "both or neither of yuan and unknown", "exactly one of them")
    bill_date = plan.cover.bill_date
    if (bill_date.source is None) == (bill_date.assumed is None):
        yield Fault(
            "cover.bill_date",
            "both or neither of source and assumed",
            "a source, or assumed = the reason when the clauses are silent",
        )


def _name_faults(plan: Plan) -> Iterator[Fault]:
    for key in ("benefit", "edition", "parameter", "disease_group", "item_list"):
        rows = getattr(plan, key)
        counts = Counter(row.id for row in rows)
        for index, row in enumerate(rows):
            if counts[row.id] > 1:
                yield Fault(f"{key}[{index}].id", repr(row.id), f"an id that no other {key} has")


def _parameter_faults(plan: Plan) -> Iterator[Fault]:
    for index, parameter in enumerate(plan.parameter):
        place = f"parameter[{index}].values"
        current = [value for value in parameter.values if value.from_day <= plan.cover.first_day]
        if not current:
            yield Fault(place, "no value that holds on the first day of cover", f"one from {plan.cover.first_day}")
        distinct = list(dict.fromkeys(value.when for value in current))
        yield from _alternative_faults(place, distinct)
        covered = {
            value.when.basic_insurance for value in current if value.when.demands().keys() <= {"basic_insurance"}
        }
        if current and not (None in covered or {"employee", "resident"} <= covered):
            yield Fault(
                place, "values that leave some members out", "one for everybody, or one for each basic insurance"
            )


def _group_and_list_faults(plan: Plan) -> Iterator[Fault]:
    for index, group in enumerate(plan.disease_group):
        if bool(group.codes) == (group.unknown is not None):
            yield Fault(f"disease_group[{index}]", "both or neither of codes and unknown", "exactly one of them")
        for number, codes in enumerate(group.codes):
            if codes.last < codes.first:
                yield Fault(f"disease_group[{index}].codes[{number}].last", codes.last, f"a code from {codes.first} on")
    for index, listing in enumerate(plan.item_list):
        if bool(listing.item) == (listing.unknown is not None):
            yield Fault(f"item_list[{index}]", "both or neither of item and unknown", "exactly one of them")
        yield from _item_faults(f"item_list[{index}]", listing)


def _item_faults(place: str, listing: ItemList) -> Iterator[Fault]:
    for index, item in enumerate(listing.item):
        if item.from_day and item.to_day and item.to_day < item.from_day:
            yield Fault(f"{place}.item[{index}].to_day", str(item.to_day), f"a day not before {item.from_day}")
    for one, other in combinations(listing.item, 2):
        apart = (one.to_day and other.from_day and one.to_day < other.from_day) or (
            other.to_day and one.from_day and other.to_day < one.from_day
        )
        different = bool(one.indications) and bool(other.indications) and not {*one.indications} & {*other.indications}
        if one.code == other.code and not apart and not different:
            yield Fault(f"{place}.item", f"{one.code!r} twice for one day and indication", "each once")


def _benefit_faults(plan: Plan, place: str, benefit: Benefit, earlier: frozenset[str]) -> Iterator[Fault]:
    terms = {"base": benefit.base, "settings": benefit.settings, "tiers": benefit.tiers or benefit.tiers_unknown}
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


def _deductible_faults(plan: Plan, place: str, benefit: Benefit) -> Iterator[Fault]:
    deductible = benefit.deductible
    if deductible is None:
        return
    place = f"{place}.deductible"
    given = (deductible.yuan, deductible.parameter, deductible.unknown)
    if sum(value is not None for value in given) != 1:
        yield Fault(place, "none or several of yuan, parameter and unknown", "exactly one of them")
    conditions = [variant.when for variant in deductible.variants]
    parameter = next((p for p in plan.parameter if p.id == deductible.parameter), None)
    if deductible.parameter is not None and parameter is None:
        yield Fault(f"{place}.parameter", repr(deductible.parameter), "the id of a parameter")
    if parameter is not None:
        conditions += dict.fromkeys(value.when for value in parameter.values)
    yield from _alternative_faults(f"{place}.variants", conditions)
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
    yield from _alternative_faults(f"{place}.variants", [variant.when for variant in benefit.variants])


def _tier_faults(plan: Plan, place: str, benefit: Benefit, tiers: Sequence[Tier]) -> Iterator[Fault]:
    names = {tier.above_parameter for tier in tiers if tier.above_parameter is not None}
    for name in sorted(names - {parameter.id for parameter in plan.parameter}):
        yield Fault(place, f"above_parameter {name!r}", "the id of a parameter")
    if len(names) > 1:
        yield Fault(place, f"{len(names)} parameters", "at most one")
    for index, tier in enumerate(tiers):
        if (tier.above_yuan is None) == (tier.above_parameter is None):
            yield Fault(f"{place}[{index}]", "both or neither of above_yuan and above_parameter", "exactly one of them")
    starts = [tier.above_yuan for tier in tiers]
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
    if deductible is None or deductible.yuan is None:
        return 0
    return min([deductible.yuan, *(variant.yuan for variant in deductible.variants)])


def _rate_faults(place: str, benefit: Benefit) -> Iterator[Fault]:
    for index, adjustment in enumerate(benefit.adjustments):
        if not adjustment.when.demands():
            yield Fault(f"{place}.adjustments[{index}].when", "no condition", "at least one fact of the member or bill")
    points = [adjustment.percentage_points for adjustment in benefit.adjustments]
    lowest, highest = sum(p for p in points if p < 0), sum(p for p in points if p > 0)
    lists = [(f"{place}.tiers", benefit.tiers)]
    lists += [(f"{place}.variants[{n}].tiers", variant.tiers) for n, variant in enumerate(benefit.variants)]
    for where, tiers in lists:
        for index, tier in enumerate(tiers):
            for rate in (tier.percent + lowest, tier.percent + highest):
                if not 0 <= rate <= BASIS:
                    yield Fault(
                        f"{where}[{index}].percent",
                        f"{format_percent(rate)} after adjustments",
                        "a rate from 0% to 100% for every member",
                    )


def _limit_faults(place: str, limits: Sequence[Limit]) -> Iterator[Fault]:
    for index, limit in enumerate(limits):
        if (limit.yuan is None) == (limit.unknown is None):
            yield Fault(f"{place}.limits[{index}]", "both or neither of yuan and unknown", "exactly one of them")
    for one, other in combinations([limit for limit in limits if limit.shared is None], 2):
        if one.per == other.per and one.when.can_hold_with(other.when):
            yield Fault(f"{place}.limits", f"two limits per {one.per} for one member and bill", "at most one")


def _sharing_faults(plan: Plan) -> Iterator[Fault]:
    """What is shared is shared by at least two, on the same terms."""
    deductibles = [(b.deductible.shared, b.deductible.per, b.id) for b in plan.benefit if b.deductible]
    limits = [(x.shared, (x.per, x.yuan), b.id) for b in plan.benefit for x in b.limits]
    for what, uses in (("deductible", deductibles), ("limit", limits)):
        for name in dict.fromkeys(shared for shared, _, _ in uses if shared is not None):
            mine = [(terms, benefit) for shared, terms, benefit in uses if shared == name]
            if len({benefit for _, benefit in mine}) < 2:  # noqa: PLR2004
                yield Fault(
                    f"benefit {mine[0][1]}", f"the {what} {name!r} shared with nobody", "at least two that share it"
                )
            if len({terms for terms, _ in mine}) > 1:
                yield Fault(
                    f"benefit {mine[-1][1]}", f"the shared {what} {name!r} on other terms", "the same terms for all"
                )


def _alternative_faults(place: str, conditions: Sequence[When]) -> Iterator[Fault]:
    """Of two alternatives that can both fit, one must be narrower: else nobody knows which of them counts."""
    for index, when in enumerate(conditions):
        if not when.demands() and len(conditions) > 1:
            continue
        for other in conditions[index + 1 :]:
            if when == other or (when.can_hold_with(other) and not when.narrows(other) and not other.narrows(when)):
                yield Fault(
                    place,
                    f"two that fit the same member or bill: {_words(when)} and {_words(other)}",
                    "conditions that exclude each other, or one narrower than the other",
                )


def _words(when: When) -> str:
    return ", ".join(f"{key} = {value}" for key, value in when.model_dump(exclude_none=True).items()) or "no condition"


def _condition_faults(plan: Plan) -> Iterator[Fault]:
    known = {
        "edition": {edition.id for edition in plan.edition},
        "disease": {group.id for group in plan.disease_group},
        "pre_existing_group": {group.id for group in plan.disease_group},
    }
    for place, when in _conditions_in(plan, ""):
        if not when.is_possible:
            yield Fault(place, _words(when), "a condition that somebody can meet")
        for fact, names in known.items():
            for name in getattr(when, fact) or ():
                if name not in names:
                    kind = "edition" if fact == "edition" else "disease_group"
                    yield Fault(
                        f"{place}.{fact}",
                        repr(name),
                        f"the id of an {kind}" if kind == "edition" else f"the id of a {kind}",
                    )


def _conditions_in(node: object, place: str) -> Iterator[tuple[str, When]]:
    if isinstance(node, When):
        yield place, node
    elif isinstance(node, tuple):
        for index, part in enumerate(node):
            yield from _conditions_in(part, f"{place}[{index}]")
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _conditions_in(getattr(node, name), f"{place}.{name}".lstrip("."))


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
