"""What each feature of the terms language does to a bill, on both sides of its boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import YEAR_END, YEAR_START, bill, member
from huimin.adjudication import BenefitProgram, LimitProgram, Program, Schedule, adjudicate
from huimin.adjudication.condition_facts import Groups, UnknownFactError, bill_facts, holds, member_facts
from huimin.adjudication.program import AdjustmentProgram, DeductibleProgram, DiseaseGroupProgram, ItemProgram
from huimin.settlement import Care, Item

ALL = Schedule((), ((0, 10_000),))
HALF = Schedule((), ((0, 5_000),))


def benefit(name: str = "medical", **terms: object) -> BenefitProgram:
    given_terms = {"quantity": "self_paid", "med_types": ("21",), "schedules": (ALL,), **terms}
    return BenefitProgram(id=name, **given_terms)  # type: ignore[arg-type]


def bears(fen: int) -> DeductibleProgram:
    return DeductibleProgram((), fen)


def program(*benefits: BenefitProgram, **more: object) -> Program:
    return Program("test", YEAR_START, YEAR_END, "settlement", benefits, **more)  # type: ignore[arg-type]


def paid(plan: Program, *bills: object, **facts: object) -> list[dict[str, int]]:
    year = adjudicate(plan, member(**facts), bills)  # type: ignore[arg-type]
    assert year.refused == ()
    return [{line.benefit: line.payable for line in decision.benefits} for decision in year.decisions]


def test_a_shared_deductible_is_taken_once_from_whoever_comes_first() -> None:
    shared = {"deductible_per": "year", "deductibles": (bears(1_000_00),), "deductible_pool": "both"}
    plan = program(benefit("inside", **shared), benefit("outside", quantity="self_funded", **shared))
    first, second = bill("700.00", "500.00", setl_id="A"), bill("10.00", "20.00", setl_id="B", day="2022-03-02")
    assert paid(plan, first, second) == [{"inside": 0, "outside": 200_00}, {"inside": 10_00, "outside": 20_00}]


def test_a_deductible_of_each_bill_begins_anew() -> None:
    plan = program(benefit(deductible_per="settlement", deductibles=(bears(100_00),), deductible_pool="medical"))
    assert paid(plan, bill("150.00", setl_id="A"), bill("150.00", setl_id="B")) == [{"medical": 50_00}] * 2


def test_a_shared_limit_is_used_up_together_and_says_what_it_took() -> None:
    limit = (LimitProgram("year", 100_00, (), "both"),)
    plan = program(benefit("inside", limits=limit), benefit("outside", quantity="self_funded", limits=limit))
    (decision,) = adjudicate(plan, member(), [bill("70.00", "70.00")]).decisions
    assert [line.payable for line in decision.benefits] == [70_00, 30_00]
    assert decision.benefits[1].cuts[0][:2] == ("year_limit", 40_00)


def test_a_limit_of_each_bill_is_whole_again_on_the_next_of_the_same_day() -> None:
    limit = (LimitProgram("settlement", 100_00, (), "both"),)
    plan = program(benefit("inside", limits=limit), benefit("outside", quantity="self_funded", limits=limit))
    bills = [bill("70.00", "70.00", setl_id=name) for name in "AB"]
    assert paid(plan, *bills) == [{"inside": 70_00, "outside": 30_00}] * 2


def test_a_limit_for_life_counts_what_was_paid_before_and_asks_for_it() -> None:
    plan = program(benefit(limits=(LimitProgram("life", 100_00, (), "car_t"),)))
    assert paid(plan, bill("150.00")) == [{"medical": 100_00}]
    assert paid(plan, bill("150.00"), continuous_years=1, paid_before=(("car_t", 60_00),)) == [{"medical": 40_00}]
    (refusal,) = adjudicate(plan, member(continuous_years=1), [bill("150.00")]).refused
    assert (refusal.code, "paid_before" in refusal.reason) == ("missing_fact", True)


@pytest.mark.parametrize(("day", "expected"), [("2022-03-01", []), ("2022-03-02", ["medical"])])
def test_the_waiting_period_ends_after_its_last_day(day: str, expected: list[str]) -> None:
    plan = program(benefit(waiting_days=60, waiting_waived=((("accident", "in", (True,)),),)))
    no_accident = replace(bill("10.00", day=day), care=Care(accident=False))
    assert [list(lines) for lines in paid(plan, no_accident)] == [expected]
    accident = replace(bill("10.00", day="2022-01-01"), care=Care(accident=True))
    assert paid(plan, accident) == [{"medical": 10_00}]


def test_points_are_added_to_every_band_for_those_who_meet_the_condition() -> None:
    schedule = Schedule((), ((0, 5_000), (100_00, 8_000)))
    plan = program(
        benefit(schedules=(schedule,), adjustments=(AdjustmentProgram((("pre_existing", "in", (True,)),), -1_000),))
    )
    assert paid(plan, bill("200.00")) == [{"medical": 130_00}]
    assert paid(plan, bill("200.00"), pre_existing=frozenset({"any"})) == [{"medical": 110_00}]


def test_what_is_not_known_of_a_benefit_is_not_decided_nor_what_is_left_of_it() -> None:
    unknown = benefit("medical", schedules=(Schedule((), None),))
    rest = benefit("rest", quantity="personal", less_benefits=("medical",))
    (decision,) = adjudicate(program(unknown, rest, benefit("other")), member(), [bill("10.00")]).decisions
    assert [one.benefit for one in decision.undecided] == ["medical", "rest"]
    assert [line.benefit for line in decision.benefits] == ["other"]


def test_one_demand_that_is_not_met_decides_whatever_is_unknown() -> None:
    condition = (("accident", "in", (True,)), ("edition", "in", ("plus",)))
    assert not holds(condition, {"accident": None, "edition": "basic"})
    with pytest.raises(UnknownFactError, match="accident"):
        holds(condition, {"accident": None, "edition": "plus"})


def test_a_disease_is_known_by_its_codes() -> None:
    groups = (DiseaseGroupProgram("cancer", (("C00", "C97"),)), DiseaseGroupProgram("stroke", (("I60", "I64"),)))
    plan = program(benefit(), disease_groups=groups)

    def facts(*codes: str, **of_member: object) -> dict[str, object]:
        care = Care(diagnoses=codes)
        return bill_facts(plan, member(**of_member), replace(bill("1"), care=care))

    assert facts("C97.x00", "I10")["disease"] == Groups(frozenset({"cancer"}))
    assert facts("D00.1")["disease"] == Groups(frozenset())
    assert facts("I64", "C00.0")["disease"] == Groups(frozenset({"cancer", "stroke"}))
    assert facts("I64", pre_existing=frozenset({"stroke"}))["related_pre_existing"] is True
    assert facts("I10", pre_existing=frozenset({"stroke"}))["related_pre_existing"] is False
    assert facts("I64", pre_existing=frozenset({"any"}))["related_pre_existing"] is None
    assert bill_facts(plan, member(), bill("1"))["related_pre_existing"] is False


@pytest.mark.parametrize(
    ("birth", "age"), [(date(1962, 1, 1), 60), (date(1962, 1, 2), 59), (date(2021, 12, 31), 0), (None, None)]
)
def test_age_is_in_completed_years_on_the_first_day_of_cover(birth: date | None, age: int | None) -> None:
    assert member_facts(YEAR_START, member(birth_date=birth))["age"] == age


LIST = (
    ItemProgram("A", None, date(2022, 6, 30), (), None),
    ItemProgram("B", None, None, ("lung",), 100_00),
)


def drugs(*items: Item, day: str = "2022-03-01", setl_id: str = "S1") -> object:
    total = f"{sum(item.amount for item in items) / 100:.2f}"
    return replace(bill("0", total, day=day, setl_id=setl_id), care=Care(items=items))


def test_a_drug_that_leaves_the_list_changes_later_bills_only() -> None:
    plan = program(benefit(quantity="", items_on="drugs"), item_lists=(("drugs", LIST),))
    bills = [drugs(Item("A", 50_00), day=f"2022-0{month}-30", setl_id=f"S{month}") for month in (5, 6, 7)]
    assert paid(plan, *bills) == [{"medical": 50_00}, {"medical": 50_00}, {"medical": 0}]
    bought_before = drugs(Item("A", 50_00, date(2022, 6, 30)), day="2022-07-02")
    assert paid(plan, bought_before) == [{"medical": 50_00}]


def test_a_listed_drug_counts_for_its_indication_up_to_its_own_limit() -> None:
    plan = program(benefit(quantity="", items_on="drugs", schedules=(HALF,)), item_lists=(("drugs", LIST),))
    assert paid(plan, drugs(Item("B", 80_00, None, "liver"))) == [{"medical": 0}]
    first = drugs(Item("B", 80_00, None, "lung"), setl_id="A")
    second = drugs(Item("B", 80_00, None, "lung"), setl_id="B", day="2022-03-02")
    assert paid(plan, first, second) == [{"medical": 40_00}, {"medical": 10_00}]


def test_a_code_that_ends_in_a_star_stands_for_those_that_begin_with_all_of_it() -> None:
    plan = program(
        benefit(quantity="", items_on="stents"), item_lists=(("stents", (ItemProgram("C02*", None, None, (), None),)),)
    )
    assert [paid(plan, drugs(Item(code, 50_00))) for code in ("C0201", "C02", "C0", "C0301")] == [
        [{"medical": 50_00}],
        [{"medical": 50_00}],
        [{"medical": 0}],
        [{"medical": 0}],
    ]


def test_items_that_were_not_reported_hold_the_bill() -> None:
    plan = program(benefit(quantity="", items_on="drugs"), item_lists=(("drugs", LIST),))
    (refusal,) = adjudicate(plan, member(), [bill("0", "10.00")]).refused
    assert refusal.code == "missing_items"


amounts = st.integers(0, 500_000_00)


@given(
    st.sets(st.integers(1, 300_000_00), max_size=3),
    st.lists(st.integers(0, 10_000), min_size=4, max_size=4),
    amounts,
    st.lists(amounts, min_size=1, max_size=5),
)
def test_tiers_on_the_gross_are_tiers_on_the_excess_moved_by_the_deductible(
    starts: set[int], rates: list[int], deductible: int, costs: list[int]
) -> None:
    excess = ((0, rates[0]), *zip(sorted(starts), rates[1:], strict=False))
    gross = tuple((start + deductible, rate) for start, rate in excess)
    common = {
        "deductible_per": "year",
        "deductibles": (bears(deductible),),
        "deductible_pool": "medical",
    }
    one = program(benefit(schedules=(Schedule((), excess),), **common))
    other = program(benefit(schedules=(Schedule((), gross),), on_gross=True, **common))
    bills = [bill(f"{cost // 100}.{cost % 100:02d}", setl_id=f"S{n}") for n, cost in enumerate(costs)]
    assert paid(one, *bills) == paid(other, *bills)


def test_a_deductible_and_a_limit_of_one_name_do_not_touch_each_other() -> None:
    limit = (LimitProgram("settlement", 100_00, (), "pool"),)
    terms = {
        "deductible_per": "settlement",
        "deductibles": (bears(80_00),),
        "deductible_pool": "pool",
        "limits": limit,
    }
    plan = program(benefit("inside", **terms), benefit("outside", quantity="self_funded", **terms))
    assert paid(plan, bill("150.00", "50.00")) == [{"inside": 70_00, "outside": 30_00}]


def test_all_benefits_together_never_pay_more_than_the_person_bears() -> None:
    plan = program(benefit("one"), benefit("other", schedules=(HALF,)), benefit("third"))
    (decision,) = adjudicate(plan, member(), [bill("100.00")]).decisions
    assert [line.payable for line in decision.benefits] == [100_00, 0, 0]
    assert decision.benefits[1].cuts[0][:2] == ("personal", 50_00)
    halves = program(benefit("one", schedules=(HALF,)), benefit("other", schedules=(HALF,)))
    assert paid(halves, bill("100.00")) == [{"one": 50_00, "other": 50_00}]


def test_exactly_the_limit_is_not_cut() -> None:
    plan = program(benefit(limits=(LimitProgram("year", 100_00, (), "medical"),)))
    (exact,) = adjudicate(plan, member(), [bill("100.00")]).decisions
    assert exact.benefits[0].cuts == ()
    (above,) = adjudicate(plan, member(), [bill("100.01")]).decisions
    assert above.benefits[0].cuts[0][:2] == ("year_limit", 1)


def test_a_base_below_zero_counts_as_zero() -> None:
    plan = program(benefit(quantity="self_paid", less_quantities=("first_self_pay",)))
    bigger = bill("10.00", preselfpay_amt="25.00")
    (decision,) = adjudicate(plan, member(), [bigger]).decisions
    assert (decision.benefits[0].base, decision.benefits[0].excess) == (0, 0)
    assert paid(plan, bill("10.00", preselfpay_amt="4.00")) == [{"medical": 6_00}]


@pytest.mark.parametrize(("day", "payable"), [("2022-06-30", 0), ("2022-07-01", 50_00), ("2022-07-02", 50_00)])
def test_a_drug_counts_from_the_first_day_on_which_it_is_listed(day: str, payable: int) -> None:
    listed = (ItemProgram("A", date(2022, 7, 1), None, (), None),)
    plan = program(benefit(quantity="", items_on="drugs"), item_lists=(("drugs", listed),))
    assert paid(plan, drugs(Item("A", 50_00), day=day)) == [{"medical": payable}]


@pytest.mark.parametrize(
    ("day", "covered"), [("2021-12-31", False), ("2022-01-01", True), ("2022-12-31", True), ("2023-01-01", False)]
)
def test_a_bill_counts_inside_the_plans_year_even_where_the_members_cover_is_longer(day: str, covered: bool) -> None:
    longer = member(cover_from=date(2021, 1, 1), cover_to=date(2023, 12, 31))
    year = adjudicate(program(benefit()), longer, [bill("10.00", day=day)])
    assert [refusal.code for refusal in year.refused] == ([] if covered else ["uncovered_date"])


def test_waiting_is_looked_at_for_each_bill_even_where_no_condition_is_set() -> None:
    plan = program(benefit(waiting_days=60))
    bills = [bill("10.00", setl_id="A", day="2022-03-01"), bill("10.00", setl_id="B", day="2022-03-02")]
    assert paid(plan, *bills) == [{}, {"medical": 10_00}]
