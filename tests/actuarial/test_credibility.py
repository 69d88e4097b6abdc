"""Credibility between cities, and rates by age and sex that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin.actuarial.credibility import buhlmann_straub
from huimin.actuarial.rating import rate_groups
from huimin.errors import InputError


class TestCredibility:
    def test_two_cities_have_the_factors_that_are_computed_by_hand(self) -> None:
        """Loss Models, ch. 18: means 10 and 20, weights 100 each, years 9/11 and 18/22 of 50 members."""
        found = buhlmann_straub([[9, 11], [18, 22]], [[50, 50], [50, 50]])
        within = (50 * (1 + 1) + 50 * (4 + 4)) / 2
        between = (100 * 25 + 100 * 25 - within) / (200 - 20_000 / 200)
        assert (found.within, found.between) == (within, between)
        z = 100 / (100 + within / between)
        assert found.factors.tolist() == pytest.approx([z, z])
        assert found.overall == pytest.approx(15)
        assert found.estimates.tolist() == pytest.approx([z * 10 + (1 - z) * 15, z * 20 + (1 - z) * 15])

    def test_cities_that_differ_by_chance_alone_count_for_nothing_by_themselves(self) -> None:
        found = buhlmann_straub([[5, 15], [14, 6]], [[10, 10], [10, 10]])
        assert found.between == 0
        assert found.estimates.tolist() == pytest.approx([10, 10])

    def test_a_larger_city_counts_more(self) -> None:
        rng = np.random.default_rng(1)
        true = np.array([30.0, 40.0, 50.0, 60.0])
        sizes = np.array([1_000, 5_000, 20_000, 100_000])
        years = [
            (mean + rng.standard_normal(6) * 300 / size**0.5).clip(0) for mean, size in zip(true, sizes, strict=True)
        ]
        found = buhlmann_straub(years, [[size] * 6 for size in sizes])
        assert list(found.factors) == sorted(found.factors)
        assert np.abs(found.estimates - true).max() < 5

    @pytest.mark.parametrize(
        ("costs", "weights", "code"),
        [
            ([[1, 2]], [[1, 1]], "thin_data"),
            ([[1], [2]], [[1], [1]], "thin_data"),
            ([[1, 2], [2]], [[1, 0], [1]], "bad_experience"),
            ([[1, float("nan")], [2]], [[1, 1], [1]], "bad_experience"),
            ([[1, 2], [2]], [[1], [1]], "bad_experience"),
        ],
    )
    def test_what_says_nothing_is_refused(
        self, costs: list[list[float]], weights: list[list[float]], code: str
    ) -> None:
        with pytest.raises(InputError) as refused:
            buhlmann_straub(costs, weights)
        assert refused.value.code == code

    def test_one_city_with_two_years_is_enough_beside_one_with_one(self) -> None:
        assert len(buhlmann_straub([[1, 2], [5]], [[10, 10], [10]]).estimates) == 2


class TestRates:
    @given(total=st.integers(1, 10**10), seed=st.integers(0, 50))
    def test_groups_add_up_to_the_communitys_premium_and_subsidies_to_nothing(self, total: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        age, female = rng.integers(0, 100, 4_000), rng.random(4_000) < 0.5
        groups = rate_groups(age, female, rng.exponential(1 + age), total)
        assert sum(group.total for group in groups) == total
        assert sum(group.subsidy for group in groups) == 0
        assert sum(group.members for group in groups) == 4_000

    def test_the_old_are_paid_for_by_the_young_under_one_price(self) -> None:
        rng = np.random.default_rng(3)
        age, female = rng.integers(0, 90, 20_000), rng.random(20_000) < 0.5
        groups = rate_groups(age, female, rng.exponential(1.0 + age**2), 2_000_000_00)
        men = [group for group in groups if group.sex == "1"]
        assert men[0].subsidy > 0 > men[-1].subsidy
        assert men[0].rate < men[0].flat < men[-1].flat + 1 < men[-1].rate
        assert [group.age for group in men] == [0, 18, 30, 45, 60, 70]

    @pytest.mark.parametrize(("old", "first_ages"), [(199, [0, 18, 30, 45, 60]), (200, [0, 18, 30, 45, 60, 70])])
    def test_a_group_of_few_joins_the_next_younger_one(self, old: int, first_ages: list[int]) -> None:
        age = np.concatenate((np.repeat([5, 20, 35, 50, 65], 300), np.full(old, 80), np.full(300, 40)))
        female = np.arange(len(age)) >= len(age) - 300
        groups = rate_groups(age, female, np.ones(len(age)), 100_000)
        assert [group.age for group in groups if group.sex == "1"] == first_ages

    def test_too_few_of_a_sex_are_refused(self) -> None:
        with pytest.raises(InputError) as refused:
            rate_groups(np.full(500, 40), np.arange(500) < 100, np.ones(500), 1_000)
        assert refused.value.code == "thin_data"
