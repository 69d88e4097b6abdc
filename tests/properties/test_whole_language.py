"""What holds for plans that use every feature of the language."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from huimin.adjudication import (
    Decision,
    Explanation,
    MemberYear,
    Program,
    adjudicate,
    explain,
    program_from_json,
    program_to_json,
    render,
)
from huimin.adjudication.applying import bill_day
from huimin.adjudication.portable import member_from_json, member_to_json, settlement_from_json, settlement_to_json
from huimin.settlement import Member, Settlement
from huimin.settlement.reading import member_from_row, member_to_row, settlement_from_row, settlement_to_row
from properties.whole_plans import whole_members, whole_programs, whole_years

Facts = list[Settlement]
fewer = settings(max_examples=settings.default.max_examples // 3)
"""These plans are large: a third as many say as much."""


@fewer
@given(whole_programs())
def test_a_program_survives_its_json(program: Program) -> None:
    assert program_from_json(program_to_json(program)) == program


@fewer
@given(whole_members(), whole_years())
def test_members_and_bills_survive_their_json_and_their_rows(member: Member, facts: Facts) -> None:
    assert member_from_json(json.loads(json.dumps(member_to_json(member)))) == member
    assert member_from_row(member_to_row(member)) == member
    for fact in facts:
        assert settlement_from_json(json.loads(json.dumps(settlement_to_json(fact)))) == fact
        assert settlement_from_row(settlement_to_row(fact)) == fact


@fewer
@given(whole_programs(), whole_members(), whole_years(), st.randoms(use_true_random=False))
def test_every_fact_has_one_fate_in_whatever_order_they_come(
    program: Program, member: Member, facts: Facts, random: object
) -> None:
    year = adjudicate(program, member, facts)
    assert year.adjudicated + len(year.undecided) + len(year.cancelled) + len(year.refused) == len(facts)
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = adjudicate(program, member, shuffled)
    assert again.decisions == year.decisions
    assert again.paid_for_life == year.paid_for_life


@fewer
@given(whole_programs(), whole_members(), whole_years())
def test_nothing_is_negative_nor_more_than_limits_and_the_persons_part_allow(
    program: Program, member: Member, facts: Facts
) -> None:
    year = adjudicate(program, member, facts)
    for decision in year.decisions:
        amounts = decision.settlement.amounts
        others = sum(amounts.get(f"{name}_pay", 0) for name in program.payers_before)
        assert all(line.payable >= 0 for line in decision.benefits)
        assert decision.payable - decision.allowances <= amounts["psn_part_amt"] - others
    _check_limits(program, member, year)


def _check_reasons(program: Program, decision: Decision, explanation: Explanation) -> None:
    """Every rate is the one that fits, moved by the reasons that are told; and all can be said in both languages."""
    lines = {line.benefit: line.applied for line in decision.benefits}
    for step in explanation.steps:
        if step.kind == "tier":
            applied, by_kind = lines[step.benefit], {reason.kind: reason for reason in step.reasons}
            assert applied.schedule is not None and applied.schedule.tiers is not None and applied.tiers is not None
            place = next(n for n, (above, _) in reversed([*enumerate(applied.tiers)]) if above == int(step.detail))
            told = applied.schedule.tiers[place][1] + sum(r.points for r in step.reasons if r.kind == "adjustment")
            stop = by_kind.get("lowest") or by_kind.get("highest")
            assert step.rate == (told if stop is None else stop.points)
            assert ("variant" in by_kind) == bool(applied.schedule.when)
            assert ("running_sum" in by_kind) == (step.payment != (step.amount * step.rate + 5_000) // 10_000)
    names = {"benefit": {benefit.id: benefit.id for benefit in program.benefits}, "exclusion": {"out": "out"}}
    for language in ("zh", "en"):
        assert all(line.text for line in render(explanation, names, language))


def _check_limits(program: Program, member: Member, year: MemberYear) -> None:
    """Of every pool, what was paid under it stays below the amount that is largest for it."""
    paid: Counter[tuple[str, object]] = Counter(dict.fromkeys(((pool, "") for pool, _ in year.paid_for_life), 0))
    for decision in year.decisions:
        day = bill_day(program, decision.settlement)
        assert day is not None
        periods = {"settlement": decision.settlement.setl_id, "day": day, "month": (day.year, day.month)}
        for line in decision.benefits:
            benefit = next(b for b in program.benefits if b.id == line.benefit)
            for limit in benefit.limits:
                if not limit.when:  # holds for every bill, so that every payment counts
                    paid[limit.pool, periods.get(limit.per, "")] += line.payable
    most = {limit.pool: limit.amount for benefit in program.benefits for limit in benefit.limits}
    for (pool, _), fen in paid.items():
        assert fen <= most[pool], pool


@fewer
@given(whole_programs(), whole_members(), whole_years())
def test_the_steps_add_up(program: Program, member: Member, facts: Facts) -> None:
    for decision in adjudicate(program, member, facts).decisions:
        explanation = explain(program, decision)
        assert sum(part.amount for part in explanation.parts) == explanation.bill
        assert sum(part.amount for part in explanation.beside) == decision.allowances
        assert explanation.left_to_person >= 0
        assert explanation.payable == decision.payable
        _check_reasons(program, decision, explanation)
        for line in decision.benefits:
            steps = [step for step in explanation.steps if step.benefit == line.benefit]
            assert sum(step.amount for step in steps if step.kind in ("deductible", "tier")) == line.base
            assert sum(step.payment for step in steps if step.kind in ("tier", "cut")) == line.payable
