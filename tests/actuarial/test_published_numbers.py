"""The numbers of textbooks and papers, to the digits that they print."""

from __future__ import annotations

import math

import numpy as np
import pytest

from huimin.actuarial.aggregate import compound
from huimin.actuarial.bridge import Step, bridge
from huimin.actuarial.reserving import bornhuetter_ferguson, chain_ladder, expected_loss
from huimin.actuarial.selection import follow, spirals
from huimin.actuarial.severity import Empirical, Exponential, Layer, Lognormal, per_loss, per_payment
from huimin.actuarial.triangles import Triangle
from huimin.errors import InputError

# Loss Models, example 9.5: a group's dental claims; sizes in units of 25.
DENTAL_COUNTS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.15, 0.06, 0.03, 0.01)
DENTAL_SIZES = (0, 0.150, 0.200, 0.250, 0.125, 0.075, 0.050, 0.050, 0.050, 0.025, 0.025)

# Reinsurance Association of America, facultative general liability, cumulative; in Mack (1993).
RAA = (
    (5012, 8269, 10907, 11805, 13539, 16181, 18009, 18608, 18662, 18834),
    (106, 4285, 5396, 10666, 13782, 15599, 15496, 16169, 16704),
    (3410, 8992, 13873, 16141, 18735, 22214, 22863, 23466),
    (5655, 11555, 15766, 21266, 23425, 26083, 27067),
    (1092, 9565, 15836, 22169, 25955, 26180),
    (1513, 6445, 11702, 12935, 15852),
    (557, 4020, 10946, 12314),
    (1351, 6947, 13112),
    (3133, 5395),
    (2063,),
)
YEARS = [str(year) for year in range(1981, 1991)]


def test_the_dental_group_has_the_printed_mean_deviation_and_stop_loss_premiums() -> None:
    total = compound(DENTAL_COUNTS, DENTAL_SIZES, 25)
    assert total.mean == pytest.approx(314.50)
    assert round(total.standard_deviation, 2) == 191.62
    found = [round(total.stop_loss(threshold), 3) for threshold in (0, 25, 50, 75)]
    assert found == [314.5, 290.75, 267.375, 244.584]
    assert total.chances.sum() == pytest.approx(1)


def test_var_and_tvar_are_those_of_all_sums_written_out() -> None:
    total = compound((0.2, 0.5, 0.3), (0.0, 0.6, 0.4), 10)
    # 0: .2; 10: .5 × .6; 20: .5 × .4 + .3 × .36; 30: .3 × .48; 40: .3 × .16
    assert total.chances == pytest.approx([0.2, 0.3, 0.308, 0.144, 0.048])
    assert [total.value_at_risk(level) for level in (0.2, 0.201, 0.5, 0.808, 0.81, 0.99)] == [0, 10, 10, 20, 30, 40]
    assert total.tail_value_at_risk(0.952) == pytest.approx(40)
    assert total.tail_value_at_risk(0.9) == pytest.approx((40 * 0.048 + 30 * 0.052) / 0.1)


def test_inflation_reaches_the_payment_by_less_than_itself() -> None:
    # Loss Data Analytics 3.4.5: exponential of mean 1000, deductible 100, largest payment 500; all losses 5 % larger.
    layer = Layer(deductible=100, limit=500)
    before, after = (per_payment(Exponential(1000).scaled(trend), layer) for trend in (1, 1.05))
    assert round(100 * (after / before - 1), 2) == 1.10


def test_the_chain_ladder_of_raa_has_the_reserve_and_errors_that_mack_prints() -> None:
    found = chain_ladder(Triangle.of(YEARS, RAA))
    assert round(found.total, 2) == 52135.23
    assert round(found.total_error, 2) == 26909.01
    assert found.outstanding[0] == found.errors[0] == 0
    assert round(float(found.factors[0]), 4) == 2.9994
    assert [round(float(error)) for error in found.errors[1:4]] == [206, 623, 747]


def test_bornhuetter_and_ferguson_give_raa_the_printed_reserve() -> None:
    triangle = Triangle.of(YEARS, RAA)
    prior = [0.7 * 30_000] * 10
    found = bornhuetter_ferguson(triangle, prior)
    assert round(found.total, 2) == 56402.43
    assert expected_loss(triangle, prior).total == pytest.approx(210_000 - sum(row[-1] for row in RAA))


def test_the_bridge_adds_up_or_says_what_is_missing() -> None:
    names = ("paid", "released", "new_claims", "discount")
    steps = [Step(name, 100 * change) for name, change in zip(names, (-20, -5, 7, 3), strict=True)]
    assert bridge(10_000, steps, 8_500).closing == 8_500
    with pytest.raises(InputError, match=r"end at 85.00; expected 85.01: 0.01 is not explained") as refused:
        bridge(10_000, steps, 8_501)
    assert refused.value.code == "open_bridge"


PEOPLE = (np.arange(400_000) + 0.5) / 1_000
"""Risks spread evenly over (0, 400)."""


def test_prices_that_follow_costs_settle_where_willingness_is_half_above_risk() -> None:
    # Those stay for whom 1.5 × risk ≥ price: their mean cost is (price / 1.5 + 400) / 2, and 300 is its own next price.
    years = follow(PEOPLE, 1.5 * PEOPLE, first_price=0, years=40)
    assert [round(year.cost, 2) for year in years[:4]] == [200, 266.67, 288.89, 296.30]
    assert (round(years[-1].price, 2), round(years[-1].joined, 3)) == (300, 0.5)
    assert not spirals(years)


def test_where_willingness_is_the_risk_itself_the_plan_unravels() -> None:
    years = follow(PEOPLE, PEOPLE, first_price=0, years=12)
    assert [round(year.cost) for year in years[:3]] == [200, 300, 350]
    assert years[-1].joined < 0.001
    assert spirals(years)


@pytest.mark.parametrize("severity", [Exponential(800.0), Lognormal(6.0, 1.2)])
def test_limited_expected_values_are_the_integral_of_survival(severity: Exponential | Lognormal) -> None:
    amounts = np.linspace(0, 3_000, 30_001)
    survival = np.array([severity.survival(float(amount)) for amount in amounts])
    integral = float(((survival[1:] + survival[:-1]) / 2).sum() * 0.1)
    assert severity.limited(3_000) == pytest.approx(integral, rel=1e-6)
    assert severity.limited(math.inf) == pytest.approx(severity.limited(1e12))
    assert severity.scaled(2).limited(500) == pytest.approx(2 * severity.limited(250))


def test_a_layer_of_losses_as_they_were_costs_the_mean_of_what_it_pays() -> None:
    losses = Empirical([0, 100, 400, 900])
    assert [losses.limited(amount) for amount in (0, 50, 100, 400, math.inf)] == [0, 37.5, 75, 225, 350]
    assert [losses.survival(amount) for amount in (-1, 0, 99, 100, 900)] == [1, 0.75, 0.75, 0.5, 0]
    # 60 % above 100: 0, 0, 180, 480; at most 240 of the payment, or of 240 of the excess.
    assert per_loss(losses, Layer(100, 0.6)) == pytest.approx((180 + 480) / 4)
    assert per_loss(losses, Layer(100, 0.6, 240)) == pytest.approx((180 + 240) / 4)
    assert per_loss(losses, Layer(100, 0.6, 240, limit_before_rate=True)) == pytest.approx((144 + 144) / 4)
    assert per_payment(losses, Layer(100, 0.6, 240)) == pytest.approx((180 + 240) / 2)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: Triangle.of(["1", "2"], [[1, 2], [1]]), "thin_data"),
        (lambda: Triangle.of(["1", "2", "3"], [[1, math.nan, 3], [1, 2], [1]]), "holes"),
        (lambda: Triangle.of(["1", "2", "3"], [[1, 2, 3], [1, 2, 3], [1]]), "bad_triangle"),
        (lambda: Triangle.of(["1", "2"], [[1, 2, 3], [1, 2], [1]]), "bad_triangle"),
        (lambda: chain_ladder(Triangle.of(["1", "2", "3"], [[0, 2, 3], [0, 2], [1]])), "thin_data"),
        (lambda: bornhuetter_ferguson(Triangle.of(YEARS, RAA), [1, 2]), "bad_expectation"),
        (lambda: bornhuetter_ferguson(Triangle.of(YEARS, RAA), [-1] * 10), "bad_expectation"),
        (lambda: compound((0.5, 0.4), (1,), 1), "bad_probabilities"),
        (lambda: compound((1,), (1.5, -0.5), 1), "bad_probabilities"),
        (lambda: compound((1,), (1,), 1).value_at_risk(1), "bad_level"),
        (lambda: Empirical([]), "no_losses"),
        (lambda: Empirical([1, -1]), "negative_loss"),
        (lambda: Empirical([1, math.nan]), "negative_loss"),
        (lambda: Exponential(1).scaled(0), "bad_factor"),
        (lambda: per_payment(Empirical([1, 2]), Layer(2)), "never_pays"),
        (lambda: follow(PEOPLE[:10], PEOPLE[:10], 0, 3), "few_people"),
        (lambda: follow(PEOPLE, PEOPLE[:-1], 0, 3), "few_people"),
    ],
)
def test_what_is_bad_or_too_thin_is_refused(act: object, code: str) -> None:
    with pytest.raises(InputError) as refused:
        act()  # type: ignore[operator]
    assert refused.value.code == code
