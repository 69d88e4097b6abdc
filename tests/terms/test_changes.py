"""The changes from one plan year to the next: what is said, for whom it is better, and that nothing is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from huimin.terms import Plan, find_plan, plan_names
from huimin.terms.changes import Change, Direction, changes_between
from huimin.terms.changes.leaves import leaves
from huimin.terms.conditions import When
from huimin.terms.values import Bilingual

JIANGSU = "jiangsu/yihuibao-1/2022"
OTHER, BETTER, WORSE = Direction.OTHER, Direction.BETTER, Direction.WORSE


def plan(name: str = JIANGSU) -> Plan:
    return find_plan(name).plan


def benefit(changed: Plan, place: int = 0, **terms: Any) -> Plan:
    """The plan with other terms of one benefit."""
    found = list(changed.benefit)
    found[place] = found[place].model_copy(update=terms)
    return changed.model_copy(update={"benefit": tuple(found)})


def only(before: Plan, after: Plan, language: str = "zh") -> Change:
    (found,) = changes_between(before, after, language)
    return found


def said(change: Change) -> tuple[str, str, str, Direction]:
    return change.heading, change.before, change.after, change.direction


def test_two_years_of_shanghai_are_told_apart_in_words() -> None:
    found = changes_between(plan("shanghai/huhuibao/2021"), plan("shanghai/huhuibao/2022"), "zh")
    told = [said(change) for change in found]
    assert ("保费", "115元/人/年", "129元/人/年", WORSE) in told
    assert ("保障期间", "2021年7月1日至2022年6月30日", "2022年7月1日至2023年6月30日", OTHER) in told
    new = next(change for change in found if change.heading == "海外特殊药品费用")
    assert (new.before, new.after, new.direction) == ("", "", BETTER)
    assert "保什么：清单内15种海外特药，保额30万元" in new.details
    assert all(change.worded for change in found)


def test_two_years_of_beijing_are_told_apart_in_english() -> None:
    found = changes_between(plan("beijing/puhui/2022"), plan("beijing/puhui/2026"), "en")
    told = [said(change) for change in found]
    rates = "Pays 25% of what lies between ¥15,000 and ¥30,404; Pays 80% of what exceeds ¥30,404"
    before = "Pays 80% of what exceeds the deductible"
    assert [one for one in told if one[2] == rates] == [
        ("Costs inside the basic-insurance lists", before, rates, WORSE)
    ]
    gone = next(change for change in found if change.heading == "Overseas special drugs")
    assert gone.direction == WORSE
    assert all(change.worded for change in found)


def test_terms_that_are_not_published_any_more_stand_together_and_none_of_them_counts_as_better() -> None:
    found = changes_between(plan("beijing/puhui/2022"), plan("beijing/puhui/2026"), "zh")
    ours = [change for change in found if change.path[:2] == ("benefit", "out_of_catalogue")]
    assert all(change.direction != BETTER for change in ours)
    unknown = next(change for change in ours if change.path[-1] == "unknown")
    assert "年度免赔额2万元" in unknown.details


@pytest.mark.parametrize("name", plan_names())
def test_a_plan_compared_with_itself_has_no_changes(name: str) -> None:
    assert changes_between(plan(name), plan(name), "zh") == []


def _priced(fen: int) -> Callable[[Plan], Plan]:
    return lambda one: one.model_copy(update={"premium": one.premium.model_copy(update={"fen": fen})})


def _deductible(fen: int) -> Callable[[Plan], Plan]:
    return lambda one: benefit(one, deductible=one.benefit[0].deductible.model_copy(update={"fen": fen}))  # type: ignore[union-attr]


def _limit(fen: int) -> Callable[[Plan], Plan]:
    return lambda one: benefit(one, limits=(one.benefit[0].limits[0].model_copy(update={"fen": fen}),))


def _rates(first: int, second: int) -> Callable[[Plan], Plan]:
    def change(one: Plan) -> Plan:
        low, high = one.benefit[0].tiers
        tiers = low.model_copy(update={"basis_points": first}), high.model_copy(update={"basis_points": second})
        return benefit(one, tiers=tiers)

    return change


@pytest.mark.parametrize(
    ("change", "direction"),
    [
        (_priced(158_01), WORSE),
        (_priced(157_99), BETTER),
        (_deductible(10_000_01), WORSE),
        (_deductible(9_999_99), BETTER),
        (_limit(1_000_000_01), BETTER),
        (_limit(999_999_99), WORSE),
        (_rates(6_600, 7_700), BETTER),
        (_rates(6_500, 7_600), WORSE),
        (_rates(6_600, 7_600), OTHER),
        (lambda one: benefit(one, deductible=None), BETTER),
        (lambda one: benefit(one, limits=()), BETTER),
        (lambda one: benefit(one, adjustments=()), BETTER),
        (lambda one: one.model_copy(update={"benefit": one.benefit[:-1]}), WORSE),
    ],
)
def test_it_says_for_whom_a_change_is_better_on_both_sides(
    change: Callable[[Plan], Plan], direction: Direction
) -> None:
    found = changes_between(plan(), change(plan()), "zh")
    assert [one.direction for one in found] == [direction]


def test_a_drug_that_leaves_a_list_is_worse_and_is_named() -> None:
    before = next(one for one in map(plan, plan_names()) if any(listing.item for listing in one.item_list))
    place = next(place for place, one in enumerate(before.item_list) if one.item)
    listing = before.item_list[place]
    fewer = list(before.item_list)
    fewer[place] = listing.model_copy(update={"item": listing.item[1:]})
    after = before.model_copy(update={"item_list": tuple(fewer)})
    found = [one for one in changes_between(before, after, "zh") if one.path[0] == "item_list"]
    assert [(one.after, one.direction) for one in found] == [("", WORSE)]
    assert listing.item[0].name in found[0].before


def test_what_has_no_words_of_its_own_is_named_by_its_place() -> None:
    base = plan().benefit[0].deductible
    assert base is not None
    before = benefit(plan(), deductible=base.model_copy(update={"shared": "one"}))
    after = benefit(plan(), deductible=base.model_copy(update={"shared": "two"}))
    found = only(before, after)
    assert not found.worded
    assert "deductible · shared" in found.after
    assert found.details == ("− one", "+ two")


def _edits(part: BaseModel) -> Iterator[BaseModel]:
    """The part with one term of it changed, for each term that can be without breaking the part."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in ("source", "assumed", "format", "id", "unknown", "tiers_unknown", "claimed_apart"):
            continue
        for other in _others(value):
            yield part.model_copy(update={name: other})


def _others(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, date):
        yield value + timedelta(days=1)
    elif isinstance(value, Bilingual):
        yield Bilingual(zh=value.zh + "改", en=value.en + " changed")
    elif isinstance(value, BaseModel):
        yield from _edits(value)
    elif isinstance(value, tuple):
        for place, one in enumerate(value[:3]):
            if isinstance(one, BaseModel) and not isinstance(one, When):
                yield (*value[:place], *value[place + 1 :])
            for other in _others(one):
                yield (*value[:place], other, *value[place + 1 :])


@pytest.mark.parametrize("name", plan_names())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_term_of_any_published_plan_can_change_in_silence(name: str, language: str) -> None:
    before, tried = plan(name), 0
    for after in _edits(before):
        if not _speakable(after):
            continue
        tried += 1
        assert changes_between(before, after, language), _difference(before, after)  # type: ignore[arg-type]
    assert tried > 5  # the smallest published file has nine


def _speakable(after: BaseModel) -> bool:
    """Whether what refers to other parts still finds them: taking one away may leave a reference to nothing."""
    try:
        changes_between(after, after, "zh")  # type: ignore[arg-type]
    except (KeyError, RuntimeError, StopIteration):
        return False
    return True


def _difference(before: BaseModel, after: BaseModel) -> object:
    one, other = leaves(before), leaves(after)
    return {leaf for leaf in one.keys() | other.keys() if one.get(leaf) != other.get(leaf)}
