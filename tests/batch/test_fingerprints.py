"""Every line of hundreds of thousands, on random plans of the whole language, against the evaluator."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from batch.crowds import Row, crowd
from batch.test_columns import lines, table
from huimin.adjudication import Program, adjudicate
from huimin.batch import adjudicate as adjudicate_columns
from huimin.settlement import Settlement
from huimin.settlement.reading import member_from_row, settlement_from_row
from properties.whole_plans import whole_programs

AT_ONCE = 200_000
"""Lines of one round: one is run with what is slow, fifty at night."""


def decided_alike(program: Program, people: list[Row], facts: list[Row]) -> int:
    """How many lines and refusals there were: all of them as the evaluator says."""
    found = adjudicate_columns(program, table(people), table(facts, "setl_id"), threads=2)
    by_member: dict[str, list[Settlement]] = {}
    for row in facts:
        by_member.setdefault(row["psn_no"], []).append(settlement_from_row(row))
    expected: list[Any] = []
    refused: list[Any] = []
    for person in people:
        year = adjudicate(program, member_from_row(person), by_member.get(person["psn_no"], []))
        refused += [(refusal.setl_id, refusal.code, refusal.reason) for refusal in year.refused]
        expected += [
            (decision.settlement.setl_id, line.benefit, line.base, line.deductible_applied, line.excess, line.payable)
            for decision in year.decisions
            for line in decision.lines
        ]
    assert lines(found) == expected
    assert list(zip(*found.refused.to_pydict().values(), strict=True)) == sorted(refused)
    return len(expected)


def a_round(number: int) -> None:
    counted: list[int] = []

    @seed(number)
    @settings(
        max_examples=240, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(whole_programs(), st.integers(0, 2**32))
    def alike(program: Program, drawn: int) -> None:
        if sum(counted) < AT_ONCE:
            counted.append(decided_alike(program, *crowd(Random(drawn), 300, 10)))

    alike()
    assert sum(counted) >= AT_ONCE, f"{sum(counted)} lines of {len(counted)} plans"


@pytest.mark.slow
def test_two_hundred_thousand_lines_are_decided_alike() -> None:
    a_round(0)


@pytest.mark.nightly
@pytest.mark.parametrize("number", range(1, 51))
def test_ten_million_lines_are_decided_alike(number: int) -> None:
    a_round(number)
