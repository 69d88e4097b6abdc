"""Who joins and stays: the levers work the way they should, habit and households count, a spiral is seen as one."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from cast import JIANGSU, jiangsu
from huimin.actuarial.city import build_city
from huimin.actuarial.market import (
    Levers,
    Market,
    Renewal,
    build_market,
    by_price,
    estimate_selection,
    market_parameters,
    remedies,
    renew,
    spirals,
)
from huimin.actuarial.market.choosing import joined
from huimin.actuarial.market.risks import expected_risks
from huimin.cli import main
from huimin.errors import InputError

PRICE = 60.0
CITY = build_city(40_000, 3)
NO_LEVERS = Levers()
NOBODY = np.zeros(40_000, np.bool_)


@pytest.fixture(scope="module")
def risk() -> np.ndarray:
    return expected_risks(CITY, jiangsu(), years=2)


def market(risk: np.ndarray, **parameters: float) -> Market:
    return build_market(CITY, risk, PRICE, 0.4, market_parameters().changed(**parameters))


def take_up(given: Market, price: float = PRICE, levers: Levers = NO_LEVERS) -> float:
    return float(joined(given, price, levers, NOBODY, 0).mean())


class TestRisk:
    def test_the_seriously_ill_and_the_old_are_expected_to_cost_more(self, risk: np.ndarray) -> None:
        ill = CITY.health(0).lasting
        assert risk[ill].mean() > 20 * risk[~ill].mean()
        old, young = CITY.people.age >= 70, CITY.people.age < 30
        assert risk[old].mean() > 3 * risk[young].mean()
        assert (risk >= 0).all()


class TestChoice:
    def test_the_first_years_take_up_is_the_one_that_was_given(self, risk: np.ndarray) -> None:
        assert take_up(market(risk)) == pytest.approx(0.4, abs=0.002)

    def test_a_higher_price_keeps_people_out_and_a_subsidy_brings_them_back(self, risk: np.ndarray) -> None:
        given = market(risk)
        assert take_up(given, 90) < take_up(given, 75) < take_up(given)
        assert take_up(given, 90, Levers(subsidy=30)) == take_up(given)

    def test_personal_accounts_bring_employees(self, risk: np.ndarray) -> None:
        given, levers = market(risk), Levers(account=True)
        now, then = (joined(given, PRICE, one, NOBODY, 0) for one in (levers, Levers()))
        gained = now & ~then
        assert gained.any()
        assert given.employee[gained].mean() > 2 * given.employee.mean()

    @pytest.mark.parametrize(("selection", "low", "high"), [(1.0, 1.3, 9), (0.0, 0.9, 1.1), (-0.5, 0.1, 0.8)])
    def test_the_sign_of_selection_says_who_joins(
        self, risk: np.ndarray, selection: float, low: float, high: float
    ) -> None:
        given = market(risk, selection=selection, income=0.0)
        members = joined(given, PRICE, Levers(), NOBODY, 0)
        assert low < risk[members].mean() / risk.mean() < high

    def test_a_household_that_decides_together_joins_whole_or_not_at_all(self, risk: np.ndarray) -> None:
        given = market(risk, together=0.9)
        members = joined(given, PRICE, Levers(), NOBODY, 0)
        sums = np.bincount(given.decides, members)
        assert set(np.unique(sums / given.sizes).tolist()) == {0.0, 1.0}
        homes = np.bincount(CITY.people.household, members) / np.bincount(CITY.people.household)
        assert ((homes == 0) | (homes == 1)).mean() > 0.9

    def test_habit_keeps_members(self, risk: np.ndarray) -> None:
        stay = [renew(market(risk, inertia=inertia), PRICE, 2)[1].stayed for inertia in (0.0, 3.0)]
        assert stay[1] > stay[0] + 0.15

    @pytest.mark.parametrize(("price", "share"), [(0.0, 0.4), (60.0, 0.0), (60.0, 1.0)])
    def test_a_take_up_that_cannot_be_is_refused(self, risk: np.ndarray, price: float, share: float) -> None:
        with pytest.raises(InputError) as refused:
            build_market(CITY, risk, price, share)
        assert refused.value.code == "bad_take_up"


class TestYears:
    def test_the_next_price_is_last_years_cost_with_trend_over_the_target(self, risk: np.ndarray) -> None:
        first, second, *_ = renew(market(risk), PRICE, 3, Renewal(target=0.8, trend=0.1))
        assert second.price == pytest.approx(first.cost * 1.1 / 0.8)

    def test_a_price_moves_no_more_than_it_may(self, risk: np.ndarray) -> None:
        years = renew(market(risk, selection=1.0), PRICE, 6, Renewal(most_change=0.05))
        moves = [later.price / earlier.price for earlier, later in pairwise(years)]
        assert all(0.95 - 1e-9 <= move <= 1.05 + 1e-9 for move in moves)
        assert max(moves) == pytest.approx(1.05), "else the bound was never met"

    def test_strong_adverse_selection_spirals_and_none_does_not(self, risk: np.ndarray) -> None:
        rule = Renewal(trend=0.05)
        assert spirals(renew(market(risk, selection=1.3, inertia=0.0), PRICE, 12, rule))
        assert not spirals(renew(market(risk, selection=0.0), PRICE, 12, rule))
        assert not spirals(renew(market(risk, selection=-0.5), PRICE, 12, rule))

    def test_a_big_subsidy_is_among_what_helps(self, risk: np.ndarray) -> None:
        given = market(risk, selection=0.8, inertia=0.0)
        plain = renew(given, PRICE, 5)
        tried = {one.name: one.years for one in remedies(given, PRICE, 5, Renewal(), Levers())}
        assert set(tried) == {"account", "slower", "target", "subsidy", "more_subsidy"}
        assert tried["more_subsidy"][-1].joined > tried["subsidy"][-1].joined > plain[-1].joined

    def test_a_higher_price_has_fewer_members_and_pays_less_of_itself(self, risk: np.ndarray) -> None:
        found = by_price(market(risk), PRICE)
        assert [price for price, *_ in found] == sorted(price for price, *_ in found)
        assert [share for _, share, _ in found] == sorted((share for _, share, _ in found), reverse=True)
        assert found[0][2] > 1 > found[-1][2]

    def test_the_same_seed_brings_the_same_years(self, risk: np.ndarray) -> None:
        assert renew(market(risk), PRICE, 5) == renew(market(risk), PRICE, 5)

    @pytest.mark.parametrize("rule", [Renewal(target=0), Renewal(target=1.1), Renewal(most_change=-0.1)])
    def test_a_rule_that_cannot_be_is_refused(self, risk: np.ndarray, rule: Renewal) -> None:
        with pytest.raises(InputError) as refused:
            renew(market(risk), PRICE, 5, rule)
        assert refused.value.code == "bad_renewal"


class TestEstimate:
    @pytest.mark.parametrize(("slope", "sign"), [(0.5, "adverse"), (-0.5, "advantageous"), (0.0, "unclear")])
    def test_the_sign_is_found_again(self, slope: float, sign: str) -> None:
        rng = np.random.default_rng(5)
        risk = np.exp(rng.standard_normal(30_000))
        chance = 1 / (1 + np.exp(-(slope * np.log(risk) - 0.3)))
        found = estimate_selection(rng.random(30_000) < chance, risk)
        assert found.sign == sign
        assert abs(found.slope - slope) < 3 * found.error

    @pytest.mark.parametrize(("members", "enough"), [(499, False), (500, True)])
    def test_few_members_are_refused_rather_than_given_a_sign(self, members: int, enough: bool) -> None:
        in_it = np.arange(2_000) < members
        risk = np.linspace(1, 2, 2_000)[np.random.default_rng(1).permutation(2_000)]
        if enough:
            estimate_selection(in_it, risk)
            return
        with pytest.raises(InputError) as refused:
            estimate_selection(in_it, risk)
        assert refused.value.code == "thin_data"

    def test_risks_that_are_all_alike_say_nothing(self) -> None:
        with pytest.raises(InputError) as refused:
            estimate_selection(np.arange(2_000) < 1_000, np.ones(2_000))
        assert refused.value.code == "bad_risk"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_writes_a_page_and_says_whether_it_spirals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    command = ["renew", JIANGSU, "--city", "20000", "--price", "60", "--take-up", "40", "--years", "6"]
    assert main([*command, "--language", language, "--out", str(tmp_path)]) == 0
    assert "it does not spiral in these years" in capsys.readouterr().out
    said = json.loads((tmp_path / "renewal.json").read_text("utf-8"))
    assert (len(said["years"]), said["spirals"], len(said["remedies"])) == (6, False, 5)
    page = (tmp_path / "renewal.html").read_text("utf-8")
    assert page.count("<picture>") == 3
    assert ("续保推演" if language == "zh" else "Renewal, year after year") in page
