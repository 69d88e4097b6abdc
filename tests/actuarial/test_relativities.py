"""Factors of several traits at once, against closed forms: one trait alone, and costs that are products."""

from __future__ import annotations

import numpy as np
import pytest

from huimin.actuarial import relativities as module
from huimin.actuarial.relativities import FEWEST_PAID, Trait, relativities
from huimin.errors import InputError
from huimin.extras import MissingExtra


def trait(rng: np.random.Generator, names: list[str], shares: list[float], count: int) -> Trait:
    return rng.choice(len(names), count, p=shares).astype(np.int64), names


def drawn(count: int = 40_000) -> tuple[dict[str, Trait], np.ndarray]:
    """Women cost 1.5 times, the ill 4 times as much; one in ten costs anything."""
    rng = np.random.default_rng(5)
    traits = {
        "sex": trait(rng, ["men", "women"], [0.6, 0.4], count),
        "ill": trait(rng, ["no", "yes"], [0.9, 0.1], count),
    }
    mean = 100 * np.where(traits["sex"][0] == 1, 1.5, 1.0) * np.where(traits["ill"][0] == 1, 4.0, 1.0)
    paid = np.where(rng.random(count) < 0.1, rng.gamma(2.0, mean * 5, count), 0.0)
    return traits, paid


def factors(found: module.Relativities) -> dict[str, float]:
    return {f"{one.trait}/{one.name}": one.factor for one in found.levels}


def test_of_one_trait_factors_are_ratios_of_means_and_errors_those_of_the_delta_method() -> None:
    traits, paid = drawn()
    found = relativities({"sex": traits["sex"]}, paid, 10**9)
    men, women = (paid[traits["sex"][0] == code] for code in (0, 1))
    assert found.base == pytest.approx(men.mean(), rel=1e-6)
    [level] = [one for one in found.levels if not one.base]
    assert level.factor == pytest.approx(women.mean() / men.mean(), rel=1e-6)
    error = sum(group.var() / len(group) / group.mean() ** 2 for group in (men, women)) ** 0.5
    assert np.log(level.high / level.low) / (2 * 1.96) == pytest.approx(error, rel=0.01)


def test_costs_that_are_products_are_taken_apart() -> None:
    traits, _ = drawn()
    mean = 80 * np.where(traits["sex"][0] == 1, 1.5, 1.0) * np.where(traits["ill"][0] == 1, 4.0, 1.0)
    found = relativities(traits, mean, 10**9)
    assert factors(found) == pytest.approx({"sex/men": 1, "sex/women": 1.5, "ill/no": 1, "ill/yes": 4}, rel=1e-6)
    assert found.explained == pytest.approx(1, abs=1e-9)


def test_true_factors_lie_in_their_intervals() -> None:
    found = relativities(*drawn(), 10**9)
    for name, true in (("women", 1.5), ("yes", 4.0)):
        [level] = [one for one in found.levels if one.name == name]
        assert level.low < true < level.high
        assert level.high / level.low < 1.6


@pytest.mark.parametrize("total", [1, 999_999_999, 123_456_789_01])
def test_rates_of_all_cells_come_to_the_premium_to_the_fen(total: int) -> None:
    traits, paid = drawn()
    found = relativities(traits, paid, total)
    assert sum(cell.total for cell in found.cells) == total
    assert sum(cell.members for cell in found.cells) == len(paid)
    assert [cell.rate for cell in found.cells] == sorted(cell.rate for cell in found.cells)
    assert found.cells[-1].levels == ("women", "yes")


def test_thin_levels_join_the_one_before_and_a_trait_without_two_is_left_out() -> None:
    traits, paid = drawn()
    count, someone = len(paid), np.flatnonzero(paid > 0)
    years = np.zeros(count, np.int64)
    years[someone[: FEWEST_PAID - 1]] = 1
    years[someone[-FEWEST_PAID:]] = 2
    few = np.zeros(count, np.int64)
    few[someone[: FEWEST_PAID - 1]] = 1
    found = relativities({**traits, "years": (years, ["0", "1", "2", "3"]), "few": (few, ["a", "b"])}, paid, 10**9)
    assert [one.name for one in found.levels if one.trait == "years"] == ["0 / 1", "2"]
    assert found.left_out == ("few",)
    assert found.traits == ("sex", "ill", "years")


@pytest.mark.parametrize("paid_members", [0, 2 * FEWEST_PAID - 1])
def test_of_few_who_were_paid_nothing_is_said(paid_members: int) -> None:
    traits, _ = drawn()
    paid = np.zeros(len(traits["sex"][0]))
    paid[:paid_members] = 100.0
    with pytest.raises(InputError, match="else a model shows chance") as refused:
        relativities(traits, paid, 10**9)
    assert refused.value.code == "thin_data"


@pytest.mark.parametrize("missing", ["glum", "pandas", "threadpoolctl"])
def test_without_glum_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    import sys

    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtra, match=r"pip install 'huimin\[glm\]'") as refused:
        relativities(*drawn(), 10**9)
    assert (refused.value.code, refused.value.extra) == ("missing_extra", "glm")
