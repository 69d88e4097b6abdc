"""What holds for every plan and every year."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from hypothesis import assume, given
from hypothesis import strategies as st

from cast import YEAR_END, YEAR_START, bill, member
from huimin.adjudication import (
    BenefitProgram,
    Program,
    Schedule,
    adjudicate,
    explain,
    program_from_json,
    program_to_json,
)
from huimin.adjudication.program import DeductibleProgram, LimitProgram
from huimin.adjudication.tiers import Tiers
from huimin.settlement import Care, Member, Settlement
from properties.plans import YEAR, bills, members, programs, tiers, years, years_with_reversals


def total(program: Program, member: Member, facts: list[Settlement]) -> int:
    return sum(decision.payable for decision in adjudicate(program, member, facts).decisions)


@given(programs(shared=True), members, years())
def test_payments_are_never_negative_nor_above_limit_base_or_personal_burden(
    program: Program, member: Member, facts: list[Settlement]
) -> None:
    decisions = adjudicate(program, member, facts).decisions
    assert len(decisions) == len(facts)
    for decision in decisions:
        assert all(0 <= line.payable <= line.base for line in decision.benefits)
        assert decision.payable <= decision.settlement.amounts["psn_part_amt"]
    for benefit in program.benefits:
        lines = [line for d in decisions for line in d.benefits if line.benefit == benefit.id]
        for limit in benefit.limits:
            assert sum(line.payable for line in lines) <= limit.amount
    for pool in {benefit.deductible_pool for benefit in program.benefits}:
        together = [benefit for benefit in program.benefits if benefit.deductible_pool == pool]
        most = max((one.amount for benefit in together for one in benefit.deductibles), default=0)
        lines = [line for d in decisions for line in d.benefits if line.benefit in {b.id for b in together}]
        assert sum(line.deductible_applied for line in lines) <= most


@given(programs(), members, years(), st.data())
def test_splitting_a_bill_in_two_on_the_same_day_changes_no_yearly_total(
    program: Program, member: Member, facts: list[Settlement], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(facts) - 1))
    whole = facts[index]
    first = {name: data.draw(st.integers(0, whole.amounts[name])) for name in ("fund_pay_sumamt", "fulamt_ownpay_amt")}
    self_paid = whole.amounts["psn_part_amt"] - whole.amounts["fulamt_ownpay_amt"]
    first["psn_part_amt"] = first["fulamt_ownpay_amt"] + data.draw(st.integers(0, self_paid))
    first["medfee_sumamt"] = first["fund_pay_sumamt"] + first["psn_part_amt"]
    second = {name: whole.amounts[name] - first[name] for name in first}
    halves = [replace(whole, setl_id=f"{whole.setl_id}{half}", amounts=a) for half, a in (("a", first), ("b", second))]
    split = facts[:index] + halves + facts[index + 1 :]
    assert total(program, member, split) == total(program, member, facts)


@given(programs(shared=True), members, years_with_reversals(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_decisions(
    program: Program, member: Member, facts: list[Settlement], random: object
) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert adjudicate(program, member, shuffled).decisions == adjudicate(program, member, facts).decisions


@given(programs(), members, years_with_reversals())
def test_every_fact_is_decided_cancelled_or_refused(program: Program, member: Member, facts: list[Settlement]) -> None:
    year = adjudicate(program, member, facts)
    assert len(year.decisions) + len(year.cancelled) + len(year.refused) == len(facts)


@given(programs(rising=True), members, years(), bills("new"))
def test_where_rates_do_not_fall_one_more_bill_lowers_the_years_total_by_moved_rounding_alone(
    program: Program, member: Member, facts: list[Settlement], new: Settlement
) -> None:
    # Where what is left is paid in other settings than what it is left of, a new bill can move the rounding of a fen
    # from a bill with a residual to one without: the residual then pays on a fen less. The exact sums never fall,
    # unless a limit is used up, too: it may then be spent on the bill with the residual instead of on the others.
    settings = {benefit.med_types for benefit in program.benefits}
    assume(len(settings) == 1 or not any(benefit.limits for benefit in program.benefits))
    moved = len(facts) if len(settings) > 1 else 0
    assert total(program, member, [*facts, new]) >= total(program, member, facts) - moved


@given(programs(shared=True), members, years(), st.data())
def test_a_years_payments_before_limits_are_its_exact_entitlement_rounded_once(
    program: Program, member: Member, facts: list[Settlement], data: st.DataObject
) -> None:
    # Rates change from bill to bill: what is bought elsewhere has tiers of its own.
    places = data.draw(st.lists(st.sampled_from(["local", "elsewhere"]), min_size=len(facts), max_size=len(facts)))
    facts = [replace(fact, care=Care(place=place)) for fact, place in zip(facts, places, strict=True)]
    other = Schedule((("place", "in", ("elsewhere",)),), data.draw(tiers(rising=False)))
    benefits = tuple(replace(benefit, schedules=(other, *benefit.schedules)) for benefit in program.benefits)
    exact, paid = Counter[str](), Counter[str]()
    for decision in adjudicate(replace(program, benefits=benefits), member, facts).decisions:
        for line in decision.benefits:
            upto = line.excess_before + line.excess
            exact[line.benefit] += entitlement(line.tiers, upto) - entitlement(line.tiers, line.excess_before)
            paid[line.benefit] += line.payable + sum(cut.amount for cut in line.cuts)
            assert paid[line.benefit] == (exact[line.benefit] + 5_000) // 10_000


def entitlement(tiers: Tiers, excess: int) -> int:
    """What the tiers give of a year's excess, in fen × basis points, tier by tier from the first."""
    ends = [*(above for above, _ in tiers[1:]), excess]
    return sum(max(0, min(excess, end) - above) * rate for (above, rate), end in zip(tiers, ends, strict=True))


def test_a_new_bill_can_move_the_rounding_of_a_fen_away_from_a_bill_with_a_residual() -> None:
    outside = BenefitProgram("outside", "self_funded", med_types=("14", "21"), schedules=(Schedule((), ((0, 1_667),)),))
    eleven = DeductibleProgram((), 11)
    outside = replace(outside, deductible_per="year", deductibles=(eleven,), deductible_pool="outside")
    residual = BenefitProgram("residual", "personal", less_benefits=("outside",), med_types=("21",))
    program = Program(
        "random", *YEAR, "settlement", (outside, replace(residual, schedules=(Schedule((), ((0, 2_500),)),)))
    )
    facts = [fen_bill("S0", 2, "21", 43), fen_bill("S1", 2, "14", 1)]
    member = Member("wang", *YEAR)
    assert total(program, member, facts) == 6 + 10
    assert total(program, member, [*facts, fen_bill("new", 1, "14", 1)]) == 6 + 9


def fen_bill(setl_id: str, day: int, med_type: str, fen: int) -> Settlement:
    amounts = {"psn_part_amt": fen, "fulamt_ownpay_amt": fen}
    return Settlement(setl_id, "wang", datetime(2024, 1, day), med_type, amounts)


@given(programs(shared=True), members, years_with_reversals())
def test_the_steps_add_up_to_the_bill(program: Program, member: Member, facts: list[Settlement]) -> None:
    for decision in adjudicate(program, member, facts).decisions:
        explanation = explain(program, decision)
        assert sum(part.amount for part in explanation.parts) == explanation.bill
        assert explanation.bill == decision.settlement.amounts["medfee_sumamt"]
        assert explanation.payable == decision.payable
        for line in decision.benefits:
            steps = [step for step in explanation.steps if step.benefit == line.benefit]
            used = sum(step.amount for step in steps if step.kind in ("deductible", "tier"))
            assert used == line.base
            assert sum(step.payment for step in steps if step.kind in ("tier", "cut")) == line.payable


@given(programs())
def test_a_program_survives_its_json(program: Program) -> None:
    assert program_from_json(program_to_json(program)) == program


def test_one_more_bill_may_lower_what_a_residual_pays_where_a_limit_is_used_up_on_bills_of_other_care() -> None:
    """By hand. `inside` pays 10 % up to 100.06, then 22.08 %, and 10.45 a year; `residual` 10 %, in hospital only."""
    inside = BenefitProgram(
        "inside",
        "self_paid",
        med_types=("14", "21"),
        schedules=(Schedule((), ((0, 1_000), (100_06, 2_208))),),
        limits=(LimitProgram("year", 10_45, (), "inside"),),
    )
    residual = BenefitProgram(
        "residual", "personal", less_benefits=("inside",), med_types=("21",), schedules=(Schedule((), ((0, 1_000),)),)
    )
    program = Program("test", YEAR_START, YEAR_END, "settlement", (inside, residual))
    stay, later = (
        bill("2.28", setl_id="A", day="2022-01-02"),
        bill("108.49", setl_id="B", day="2022-01-03", med_type="14"),
    )
    earlier = bill("100.09", setl_id="new", day="2022-01-01", med_type="14")
    # 0.23 of 2.28, the residual 10 % of 2.05; then 10.22, all that is left of the limit.
    assert paid(program, [stay, later]) == [[23, 21], [10_22]]
    # 10.01; then 0.44, all that is left, and the residual 10 % of 1.84: three fen less in all.
    assert paid(program, [earlier, stay, later]) == [[10_01], [44, 18], [0]]


def paid(program: Program, bills: list[Settlement]) -> list[list[int]]:
    """What each bill's benefits pay, in the order of the year."""
    return [[line.payable for line in one.benefits] for one in adjudicate(program, member(), bills).decisions]
