"""Faults of a plan that show only when several of its parts are read together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from pydantic import BaseModel

from huimin.errors import Fault
from huimin.terms.alternatives import alternative_faults, condition_as_written, variant_faults
from huimin.terms.benefit import ItemList
from huimin.terms.benefit_semantics import benefit_faults
from huimin.terms.conditions import MEMBER_FACTS, When
from huimin.terms.frame_semantics import frame_faults
from huimin.terms.model import Plan

__all__ = ["semantic_faults"]


def semantic_faults(plan: Plan, sources: frozenset[str]) -> Iterator[Fault]:
    """Every fault of a plan whose fields are each well formed. `sources` are the names that sources.toml defines."""
    if plan.cover.last_day < plan.cover.first_day:
        yield Fault("cover.last_day", str(plan.cover.last_day), f"a day not before first_day, {plan.cover.first_day}")
    yield from _bill_date_faults(plan)
    yield from frame_faults(plan)
    yield from variant_faults("premium.variants", [variant.when for variant in plan.premium.variants])
    yield from _name_faults(plan)
    yield from _parameter_faults(plan)
    yield from _group_and_list_faults(plan)
    for index, benefit in enumerate(plan.benefit):
        earlier = frozenset(b.id for b in plan.benefit[:index] if b.unknown is None)
        yield from benefit_faults(plan, f"benefit[{index}]", benefit, earlier)
    yield from _sharing_faults(plan)
    yield from _condition_faults(plan)
    yield from _source_faults(plan, sources)


def _bill_date_faults(plan: Plan) -> Iterator[Fault]:
    bill_date = plan.cover.bill_date
    if (bill_date.source is None) == (bill_date.assumed is None):
        yield Fault(
            "cover.bill_date",
            "both or neither of source and assumed",
            "a source, or assumed = the reason when the clauses are silent",
        )


def _name_faults(plan: Plan) -> Iterator[Fault]:
    for key in ("benefit", "edition", "parameter", "disease_group", "item_list", "hospital_list", "exclusion"):
        rows = getattr(plan, key)
        counts = Counter(row.id for row in rows)
        for index, row in enumerate(rows):
            if counts[row.id] > 1:
                yield Fault(f"{key}[{index}].id", repr(row.id), f"an id that no other {key} has")


def _parameter_faults(plan: Plan) -> Iterator[Fault]:
    for index, parameter in enumerate(plan.parameter):
        place = f"parameter[{index}].values"
        current = list(parameter.on(plan.cover.first_day))
        if not current:
            yield Fault(place, "no value that holds on the first day of cover", f"one from {plan.cover.first_day}")
        yield from alternative_faults(place, current)
        covered = {when.basic_insurance for when in current if when.demands().keys() <= {"basic_insurance"}}
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
        different = any(_apart(getattr(one, key), getattr(other, key)) for key in _ITEM_DEMANDS)
        if one.code == other.code and not apart and not different:
            yield Fault(f"{place}.item", f"{one.code!r} twice for one day and indication", "each once")


_ITEM_DEMANDS = ("indications", "lines", "gene_tests", "channels")


def _apart(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether two demands on an item can never both be met."""
    return bool(one) and bool(other) and not {*one} & {*other}


def _sharing_faults(plan: Plan) -> Iterator[Fault]:
    """A shared deductible or limit must be shared by at least two benefits, on the same terms."""
    deductibles = [(b.deductible.shared, b.deductible.per, b.id) for b in plan.benefit if b.deductible]
    limits = [(x.shared, (x.per, x.fen), b.id) for b in plan.benefit for x in b.limits]
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


def _condition_faults(plan: Plan) -> Iterator[Fault]:
    known = {
        "edition": {edition.id for edition in plan.edition},
        "disease": {group.id for group in plan.disease_group},
        "pre_existing_group": {group.id for group in plan.disease_group},
        "hospital_list": {listing.id for listing in plan.hospital_list},
    }
    for place, when in _conditions_in(plan, ""):
        if place.startswith(_WITHOUT_BILL):
            for fact in sorted(when.demands().keys() - MEMBER_FACTS):
                yield Fault(place, f"a condition on {fact}", "a fact of the member: there is no bill to ask")
        if not when.is_possible:
            yield Fault(place, condition_as_written(when), "a condition that somebody can meet")
        for fact, names in known.items():
            for name in getattr(when, fact) or ():
                if name not in names:
                    yield Fault(f"{place}.{fact}", repr(name), f"the id of {_KINDS.get(fact, 'a disease_group')}")


_WITHOUT_BILL = ("premium", "enrolment", "reward")
_KINDS = {"edition": "an edition", "hospital_list": "a hospital_list"}


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
