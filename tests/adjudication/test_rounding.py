"""A year's payments add up to its exact entitlement, rounded once, whatever rates its bills met."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from cast import bill, elsewhere_for_less, member
from huimin.adjudication import BenefitProgram, Program, Schedule, adjudicate, explain, render
from huimin.settlement import Care, Settlement

NAMES = {"zh": {"benefit": {"medical": "医疗"}}, "en": {"benefit": {"medical": "Medical"}}}


def bought(name: str, yuan: str, place: str, day: str = "2022-03-01") -> Settlement:
    return replace(bill(yuan, setl_id=name, day=day), care=Care(place=place))


def one_rate(points: int) -> Program:
    program = elsewhere_for_less()
    (benefit,) = program.benefits
    return replace(program, benefits=(replace(benefit, schedules=(Schedule((), ((0, points),)),)),))


def paid(program: Program, *bills: Settlement) -> list[int]:
    return [decision.payable for decision in adjudicate(program, member(), bills).decisions]


def test_a_fen_at_a_fifth_and_a_fen_at_seven_tenths_pay_one_fen_together() -> None:
    first, second = bought("A", "0.01", "elsewhere"), bought("B", "0.01", "local")
    assert paid(elsewhere_for_less(), first, second) == [0, 1]
    assert paid(elsewhere_for_less(), second, first) == [0, 1]
    assert paid(elsewhere_for_less(), bought("A", "0.01", "local"), bought("B", "0.01", "elsewhere")) == [1, 0]


def test_a_hundred_bills_at_changing_rates_never_leave_the_exact_sum_by_more_than_half_a_fen() -> None:
    bills = [bought(f"S{n:02d}", "0.01", "local" if n % 2 else "elsewhere") for n in range(100)]
    payments = paid(elsewhere_for_less(), *bills)
    exact, so_far = Fraction(0), 0
    for number, payment in enumerate(payments):
        exact += Fraction(7 if number % 2 else 2, 10)
        so_far += payment
        assert abs(so_far - exact) <= Fraction(1, 2)
    assert so_far == 45


def test_a_plan_that_rounds_each_bill_does_so_after_the_years_sum() -> None:
    program = elsewhere_for_less()
    benefit: BenefitProgram = replace(program.benefits[0], rounding=(100, "down"))
    to_the_yuan = replace(program, benefits=(benefit,))
    # 99.8 fen are 100 by themselves; after 0.6 fen, rounded to one, they are what takes the sum of 100.4 to 100: 99.
    bills = (bought("A", "0.03", "elsewhere"), bought("B", "4.99", "elsewhere"))
    assert paid(to_the_yuan, bills[1]) == [1_00]
    assert paid(to_the_yuan, *bills) == [0, 0]
    (_, second) = adjudicate(to_the_yuan, member(), bills).decisions
    assert second.benefits[0].cuts[0][:2] == ("rounding", 99)


def tier_lines(language: str, *bills: Settlement) -> list[tuple[str, str, str]]:
    program = one_rate(6_500)
    decision = adjudicate(program, member(), bills).decisions[-1]
    lines = render(explain(program, decision), NAMES[language], language)
    return [(line.kind, line.text, line.amount) for line in lines if line.kind in ("tier", "reason")]


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("zh", "超出部分 762.96 × 65%", "单独计算为 495.92；不足一分的部分全年累计后取整，因此多 1 分"),
        ("en", "Excess 762.96 × 65%", "495.92 by itself; fractions of a fen are added up over the year: 1 fen more"),
    ],
)
def test_a_line_that_differs_from_its_amount_times_its_rate_says_why(language: str, text: str, reason: str) -> None:
    first, second = bought("A", "0.02", "local"), bought("B", "762.96", "local")
    assert tier_lines(language, first, second) == [("tier", text, "495.93"), ("reason", reason, "")]
    assert tier_lines(language, second) == [("tier", text, "495.92")]


def test_a_line_that_is_a_fen_short_says_so() -> None:
    # 0.65 fen are one; with the 1.3 fen of the next bill they are 1.95, which is two.
    first, second = bought("A", "0.01", "local"), bought("B", "0.07", "local")
    (tier, reason) = tier_lines("en", first, second)
    assert tier[2] == "0.04"
    assert reason[1] == "0.05 by itself; fractions of a fen are added up over the year: 1 fen less"
