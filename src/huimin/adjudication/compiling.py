"""Turns terms into a program: names are resolved, conditions become demands, and alternatives stand in the order in
which they are tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from huimin.adjudication.program import (
    AdjustmentProgram,
    AllowanceProgram,
    BenefitProgram,
    Condition,
    DeductibleProgram,
    DiseaseGroupProgram,
    ExclusionProgram,
    ItemProgram,
    LimitProgram,
    PreExistingProgram,
    Program,
    Schedule,
)
from huimin.money import BASIS
from huimin.settlement import MED_TYPES

if TYPE_CHECKING:
    from huimin.terms.benefit import Benefit, ListedItem, Tier
    from huimin.terms.conditions import When
    from huimin.terms.model import Plan

__all__ = ["compile_condition", "compile_plan", "compile_prices"]

T = TypeVar("T")
_LIMIT_ORDER = ("settlement", "day", "month", "year", "life")
_UNITS = {"jiao": 10, "yuan": 100}
_WHOLE: tuple[tuple[int, int], ...] = ((0, BASIS),)


def compile_plan(plan: Plan) -> Program:
    """The program of a plan. It has benefits of unknown terms too, so that the bills they concern are left
    undecided.
    """
    return Program(
        plan=plan.id,
        cover_from=plan.cover.first_day,
        cover_to=plan.cover.last_day,
        bill_date=plan.cover.bill_date.by,
        benefits=tuple(_benefit(plan, benefit) for benefit in plan.benefit if benefit.claimed_apart is None),
        disease_groups=tuple(
            DiseaseGroupProgram(group.id, None if group.unknown else tuple((c.first, c.last) for c in group.codes))
            for group in plan.disease_group
        ),
        item_lists=tuple(
            (listing.id, None if listing.unknown else tuple(map(_item, listing.item))) for listing in plan.item_list
        ),
        lists_unknown=tuple((listing.id, listing.unknown) for listing in plan.item_list if listing.unknown is not None),
        hospital_lists=tuple((one.id, None if one.unknown else one.codes) for one in plan.hospital_list),
        exclusions=tuple(
            ExclusionProgram(
                one.id, compile_condition(one.when), tuple(map(compile_condition, one.exceptions)), one.benefits
            )
            for one in plan.exclusion
        ),
        payers_before=plan.order_of_payers.before if plan.order_of_payers else (),
        pre_existing=_pre_existing(plan),
        editions=tuple(edition.id for edition in plan.edition),
        claimed_apart=tuple((one.id, one.claimed_apart) for one in plan.benefit if one.claimed_apart is not None),
    )


def _item(item: ListedItem) -> ItemProgram:
    return ItemProgram(
        code=item.code,
        from_day=item.from_day,
        to_day=item.to_day,
        indications=item.indications,
        year_limit=item.year_limit_fen,
        lines=item.lines,
        gene_tests=item.gene_tests,
        channels=item.channels,
        month_limit=item.month_limit_fen,
        unit_limit=item.unit_limit_fen,
    )


def _pre_existing(plan: Plan) -> PreExistingProgram | None:
    rule = plan.pre_existing
    return None if rule is None else PreExistingProgram(rule.groups, rule.diagnosed_before, rule.within_months)


def compile_prices(plan: Plan) -> tuple[tuple[Condition, int | None], ...]:
    """Prices in fen in the order in which they are tried. The last holds for everybody; None where it is not known."""
    variants = _narrowest_first((variant.when, variant.fen) for variant in plan.premium.variants)
    return (*((compile_condition(when), price) for when, price in variants), ((), plan.premium.fen))


def _benefit(plan: Plan, benefit: Benefit) -> BenefitProgram:
    if benefit.unknown is not None:
        return _unknown_benefit(benefit)
    deductible, waiting = benefit.deductible, benefit.waiting
    return BenefitProgram(
        id=benefit.id,
        **_base(benefit),
        med_types=tuple(MED_TYPES[setting] for setting in benefit.settings),
        undecided_med_types=tuple(MED_TYPES[undecided.setting] for undecided in benefit.undecided),
        when=compile_condition(benefit.when),
        waiting_days=waiting.days if waiting else 0,
        waiting_waived=tuple(compile_condition(when) for when in waiting.waived) if waiting else (),
        deductible_per=deductible.per if deductible else None,
        deductibles=_deductibles(plan, benefit),
        deductible_pool=(deductible.shared or benefit.id) if deductible else "",
        on_gross=benefit.tiers_on == "gross",
        schedules=_schedules(plan, benefit),
        adjustments=tuple(
            AdjustmentProgram(compile_condition(one.when), one.basis_points, one.source) for one in benefit.adjustments
        ),
        rates_between=(
            benefit.lowest_basis_points or 0,
            BASIS if benefit.highest_basis_points is None else benefit.highest_basis_points,
        ),
        rounding=(_UNITS[benefit.rounding.to], benefit.rounding.how) if benefit.rounding else None,
        rounding_source=benefit.rounding.source if benefit.rounding else "",
        limits=_limits(benefit),
        minimum=benefit.minimum.fen if benefit.minimum else 0,
        minimum_source=benefit.minimum.source if benefit.minimum else "",
    )


def _unknown_benefit(benefit: Benefit) -> BenefitProgram:
    return BenefitProgram(
        benefit.id,
        "",
        med_types=tuple(MED_TYPES[setting] for setting in benefit.settings),
        when=compile_condition(benefit.when),
        unknown=benefit.unknown,
    )


def _base(benefit: Benefit) -> dict[str, Any]:
    base = benefit.base
    assert base is not None, "a benefit with known terms has a base: semantic_faults refused any other"  # noqa: S101
    if isinstance(base, str):
        return {"quantity": base}
    if hasattr(base, "items_on"):
        return {"quantity": "", "items_on": base.items_on}
    if hasattr(base, "allowance"):
        allowance = base.allowance
        program = AllowanceProgram(allowance.per, allowance.fen, allowance.free_days, allowance.most_a_year)
        return {"quantity": "", "allowance": program}
    return {"quantity": base.quantity, "less_quantities": base.less, "less_benefits": base.less_benefits}


def _deductibles(plan: Plan, benefit: Benefit) -> tuple[DeductibleProgram, ...]:
    deductible = benefit.deductible
    if deductible is None:
        return ()
    found = [(variant.when, (variant.fen, variant.source)) for variant in deductible.variants]
    if deductible.parameter is not None:
        amounts = plan.parameter_amounts(deductible.parameter)
        found += [(when, (amount, deductible.source)) for when, amount in amounts.items()]
    else:
        found.append((_always(benefit), (deductible.fen or 0, deductible.source)))
    return tuple(DeductibleProgram(compile_condition(when), *terms) for when, terms in _narrowest_first(found))


def _schedules(plan: Plan, benefit: Benefit) -> tuple[Schedule, ...]:
    found: list[tuple[When, tuple[tuple[Tier, ...], str | None]]] = [
        (variant.when, (variant.tiers, variant.unknown)) for variant in benefit.variants
    ]
    found.append((_always(benefit), (benefit.tiers, benefit.tiers_unknown)))
    deductible_unknown = benefit.deductible.unknown if benefit.deductible else None
    schedules: list[Schedule] = []
    for when, (tiers, tiers_unknown) in _narrowest_first(found):
        for parameter_when, amounts in _parameters_of(plan, tiers, _always(benefit)):
            bands = tuple(
                (t.above_fen if t.above_fen is not None else amounts[t.above_parameter or ""], t.basis_points)
                for t in tiers
            )
            if not bands and hasattr(benefit.base, "allowance") and not benefit.tiers_unknown:
                bands = _WHOLE
            condition = _both(compile_condition(when), compile_condition(parameter_when))
            unknown = _unknown_term(tiers_unknown, deductible_unknown)
            sources = tuple(tier.source for tier in tiers)
            schedules.append(Schedule(condition, bands if unknown is None else None, sources, unknown))
    return tuple(schedules)


def _unknown_term(tiers: str | None, deductible: str | None) -> tuple[str, str] | None:
    """Which term of the benefit is not known, and why. Names the rates if neither is known."""
    if tiers is not None:
        return "tiers", tiers
    return None if deductible is None else ("deductible", deductible)


def _parameters_of(plan: Plan, tiers: Sequence[Tier], always: When) -> list[tuple[When, dict[str, int]]]:
    """The amounts of the tiers' parameter for each kind of member it distinguishes. Tiers name one parameter at
    most.
    """
    names = {tier.above_parameter for tier in tiers if tier.above_parameter is not None}
    if not names:
        return [(always, {})]
    (name,) = names
    return [(when, {name: amount}) for when, amount in _narrowest_first(plan.parameter_amounts(name).items())]


def _limits(benefit: Benefit) -> tuple[LimitProgram, ...]:
    known = [limit for limit in benefit.limits if limit.fen is not None]
    ordered = sorted(known, key=lambda limit: (_LIMIT_ORDER.index(limit.per), limit.shared is not None))
    return tuple(
        LimitProgram(
            limit.per,
            limit.fen or 0,
            compile_condition(limit.when),
            limit.shared or f"{benefit.id}/{limit.per}/{n}",
            limit.source,
        )
        for n, limit in enumerate(ordered)
    )


def _always(benefit: Benefit) -> When:
    return type(benefit.when)()


def _narrowest_first(alternatives: Iterable[tuple[When, T]]) -> list[tuple[When, T]]:
    """The alternatives in the order in which they are tried. Sorting by how many others a condition narrows is enough,
    because a condition that narrows another also narrows all that the other narrows.
    """
    given = list(alternatives)
    return sorted(given, key=lambda one: -sum(one[0].narrows(other) for other, _ in given))


def compile_condition(when: When) -> Condition:
    """A condition of the terms as a program's demands."""
    found: list[tuple[str, str, tuple[Any, ...]]] = []
    for fact, demand in sorted(when.demands().items()):
        if isinstance(demand, tuple):
            found.append((fact, "between", demand))
        else:
            found.append((fact, "any_of" if fact in when.many_at_once else "in", tuple(sorted(demand, key=str))))
    return tuple(found)


def _both(one: Condition, other: Condition) -> Condition:
    return tuple(sorted({*one, *other}))
