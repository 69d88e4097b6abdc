"""A fact that was not reported holds a bill only where it could change what is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cast import YEAR_END, YEAR_START, bill, member
from huimin.adjudication import BenefitProgram, MemberYear, Program, Schedule, adjudicate
from huimin.adjudication.program import (
    DeductibleProgram,
    DiseaseGroupProgram,
    ExclusionProgram,
    ItemProgram,
    PreExistingProgram,
)
from huimin.settlement import Care, Item, Settlement

ALL = Schedule((), ((0, 10_000),))
HALF_FOR_CANCER = Schedule((("pre_existing_group", "any_of", ("cancer",)),), ((0, 5_000),))
ACCIDENT = (("accident", "in", (True,)),)
CONTINUOUS = (("continuous_years", "between", (1, 100)),)
SPECIAL_WARD = (("ward", "in", ("special",)),)
CANCER = DiseaseGroupProgram("cancer", (("C00", "C97"),))
RARE = DiseaseGroupProgram("rare", None)


def program(*, schedules: tuple[Schedule, ...] = (ALL,), **more: object) -> Program:
    """One benefit; `benefit` in `more` changes its terms."""
    terms = more.pop("benefit", {})
    benefit = BenefitProgram("medical", "self_paid", med_types=("21",), schedules=schedules, **terms)  # type: ignore[arg-type]
    return Program("test", YEAR_START, YEAR_END, "settlement", (benefit,), **more)  # type: ignore[arg-type]


def with_care(**care: object) -> Settlement:
    return replace(bill("100.00", day="2022-01-05"), care=Care(**care))  # type: ignore[arg-type]


def paid(year: MemberYear) -> list[int]:
    assert year.refused == ()
    return [line.payable for decision in year.decisions for line in decision.benefits]


def held_for(year: MemberYear) -> list[object]:
    assert year.decisions == ()
    return [refusal.values["fact"] for refusal in year.refused]


@pytest.mark.parametrize("waived", [(ACCIDENT, CONTINUOUS), (CONTINUOUS, ACCIDENT)])
def test_one_waiver_that_holds_ends_the_waiting_whatever_is_unknown_of_the_others(
    waived: tuple[tuple[object, ...], ...],
) -> None:
    plan = program(benefit={"waiting_days": 60, "waiting_waived": waived})
    assert paid(adjudicate(plan, member(continuous_years=1), [with_care()])) == [100_00]
    assert held_for(adjudicate(plan, member(), [with_care()])) == ["accident"]
    assert paid(adjudicate(plan, member(), [with_care(accident=False)])) == []


def test_an_exception_that_holds_covers_a_bill_whatever_is_unknown_of_the_exclusion() -> None:
    plan = program(exclusions=(ExclusionProgram("wards", SPECIAL_WARD, (ACCIDENT,), ()),))
    assert paid(adjudicate(plan, member(), [with_care(accident=True)])) == [100_00]
    assert paid(adjudicate(plan, member(), [with_care(ward="ordinary")])) == [100_00]
    assert paid(adjudicate(plan, member(), [with_care(ward="special", accident=False)])) == []
    assert held_for(adjudicate(plan, member(), [with_care(ward="special")])) == ["accident"]
    assert held_for(adjudicate(plan, member(), [with_care(accident=False)])) == ["ward"]


def test_a_bill_in_the_waiting_period_is_not_held_for_an_edition_that_cannot_matter() -> None:
    plan = program(benefit={"when": (("edition", "in", ("plus",)),), "waiting_days": 60}, editions=("plus",))
    assert paid(adjudicate(plan, member(), [with_care()])) == []
    assert held_for(adjudicate(plan, member(), [bill("100.00", day="2022-03-02")])) == ["edition"]


def test_an_excluded_bill_is_not_held_for_an_edition_that_cannot_matter() -> None:
    exclusions = (ExclusionProgram("wards", SPECIAL_WARD, (), ()),)
    plan = program(benefit={"when": (("edition", "in", ("plus",)),)}, editions=("plus",), exclusions=exclusions)
    (decision,) = adjudicate(plan, member(), [with_care(ward="special")]).decisions
    assert (decision.benefits, decision.excluded) == ((), ("wards",))
    assert held_for(adjudicate(plan, member(), [with_care(ward="ordinary")])) == ["edition"]


def test_a_group_that_the_diagnoses_tell_counts_beside_a_condition_of_no_named_group() -> None:
    rule = PreExistingProgram(("cancer",), "cover", None)
    plan = program(schedules=(HALF_FOR_CANCER, ALL), disease_groups=(CANCER,), pre_existing=rule)
    reported = frozenset({"any"})
    told = (("C34.9", date(2021, 5, 1)),)
    assert paid(adjudicate(plan, member(pre_existing=reported, diagnosed=told), [bill("100.00")])) == [50_00]
    assert held_for(adjudicate(plan, member(pre_existing=reported), [bill("100.00")])) == ["pre_existing_group"]


def test_a_diagnosis_of_a_known_group_is_told_although_another_group_has_no_codes() -> None:
    of_cancer = (("disease", "any_of", ("cancer",)),)
    of_rare = (("disease", "any_of", ("rare",)),)
    groups = (CANCER, RARE)
    ask_cancer = program(benefit={"when": of_cancer}, disease_groups=groups)
    ask_rare = program(benefit={"when": of_rare}, disease_groups=groups)
    assert paid(adjudicate(ask_cancer, member(), [with_care(diagnoses=("C34.9",))])) == [100_00]
    assert paid(adjudicate(ask_cancer, member(), [with_care(diagnoses=("J18",))])) == []
    assert held_for(adjudicate(ask_rare, member(), [with_care(diagnoses=("J18",))])) == ["disease"]
    assert paid(adjudicate(ask_rare, member(), [with_care(diagnoses=())])) == []


def test_a_hospital_of_a_known_list_is_told_although_another_list_is_not_known() -> None:
    lists = (("proton", ("H1",)), ("clinics", None))
    plan = program(benefit={"when": (("hospital_list", "any_of", ("proton",)),)}, hospital_lists=lists)
    assert paid(adjudicate(plan, member(), [with_care(hospital="H1")])) == [100_00]
    assert paid(adjudicate(plan, member(), [with_care(hospital="H2")])) == []
    other = program(benefit={"when": (("hospital_list", "any_of", ("clinics",)),)}, hospital_lists=lists)
    assert held_for(adjudicate(other, member(), [with_care(hospital="H2")])) == ["hospital_list"]


def test_a_limit_of_an_item_that_falls_in_the_year_takes_nothing_from_what_was_counted_before() -> None:
    items = (
        ItemProgram("D", None, date(2022, 6, 30), (), 300_00),
        ItemProgram("D", date(2022, 7, 1), None, (), 100_00),
        ItemProgram("E", None, None, (), None),
    )
    benefit = BenefitProgram("drugs", "", items_on="drugs", med_types=("21",), schedules=(ALL,))
    plan = Program("test", YEAR_START, YEAR_END, "settlement", (benefit,), item_lists=(("drugs", items),))
    june = replace(bill("500.00", setl_id="A", day="2022-06-30"), care=Care(items=(Item("D", 250_00),)))
    bought = Care(items=(Item("D", 50_00), Item("E", 80_00)))
    july = replace(bill("500.00", setl_id="B", day="2022-07-01"), care=bought)
    assert paid(adjudicate(plan, member(), [june, july])) == [250_00, 80_00]


def test_a_benefit_that_is_undecided_anyway_does_not_hold_what_is_decided_beside_it() -> None:
    decided = BenefitProgram("inside", "self_paid", med_types=("21",), schedules=(ALL,))
    of_edition = Schedule((("edition", "in", ("plus",)),), ((0, 5_000),))
    drugs = BenefitProgram("drugs", "", items_on="drugs", med_types=("21",), schedules=(of_edition, ALL))
    rest = BenefitProgram("rest", "personal", less_benefits=("drugs",), med_types=("21",), schedules=(of_edition, ALL))
    lists = {"item_lists": (("drugs", None),), "lists_unknown": (("drugs", "not published"),), "editions": ("plus",)}
    plan = Program("test", YEAR_START, YEAR_END, "settlement", (decided, drugs, rest), **lists)  # type: ignore[arg-type]
    (decision,) = adjudicate(plan, member(), [bill("100.00")]).decisions
    assert [(line.benefit, line.payable) for line in decision.benefits] == [("inside", 100_00)]
    assert [(one.benefit, one.term) for one in decision.undecided] == [
        ("drugs", "item_list"),
        ("rest", "earlier_benefit"),
    ]
    assert held_for(adjudicate(plan, member(), [with_care(items=())])) == ["edition"]


def test_rates_that_nobody_knows_are_undecided_whichever_deductible_fits() -> None:
    deductibles = (DeductibleProgram(ACCIDENT, 0), DeductibleProgram((), 100_00))
    unknown = Schedule((), None, unknown=("tiers", "nobody says"))
    terms = {"deductible_per": "year", "deductible_pool": "medical", "deductibles": deductibles}
    (decision,) = adjudicate(program(schedules=(unknown,), benefit=terms), member(), [with_care()]).decisions
    assert [(one.benefit, one.term) for one in decision.undecided] == [("medical", "tiers")]
    assert held_for(adjudicate(program(benefit=terms), member(), [with_care()])) == ["accident"]
