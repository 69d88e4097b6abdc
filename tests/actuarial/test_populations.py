"""Prices on a synthetic city, on a fitted severity, and what a whole year may cost."""

from __future__ import annotations

import csv
import json
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import JIANGSU
from huimin.actuarial.aggregate import compound_poisson
from huimin.actuarial.city import build_city, standard_parameters
from huimin.actuarial.city.files import write_city
from huimin.actuarial.fitting import expected_payment, fit_losses
from huimin.actuarial.populations import city_history
from huimin.actuarial.portfolio import outlook
from huimin.actuarial.pricing import price_plan
from huimin.actuarial.severity import Empirical
from huimin.adjudication import compile_plan
from huimin.adjudication.tiers import cumulative_payment
from huimin.cli import main
from huimin.errors import InputError
from huimin.terms import find_plan

TIERS = ((0, 6_500), (10_000_000, 7_700))


@given(
    bases=st.lists(st.integers(0, 60_000_000), min_size=1, max_size=30),
    deductible=st.integers(0, 3_000_000),
    limit=st.none() | st.integers(1, 20_000_000),
)
def test_layers_of_what_was_cost_what_the_terms_pay_of_it(bases: list[int], deductible: int, limit: int | None) -> None:
    most = math.inf if limit is None else limit
    paid = [min(most, cumulative_payment(TIERS, max(0, base - deductible))) for base in bases]
    found = expected_payment(Empirical([base / 100 for base in bases]), deductible / 100, TIERS, most / 100)
    assert found == pytest.approx(np.mean(paid) / 100, abs=0.01)


class TestFit:
    def test_two_kinds_of_losses_are_found_again(self) -> None:
        rng = np.random.default_rng(3)
        losses = np.exp(np.concatenate((8 + 0.6 * rng.standard_normal(8_000), 11 + 0.8 * rng.standard_normal(2_000))))
        fitted, distance = fit_losses(losses)
        assert [share for share, _ in fitted.parts] == pytest.approx([0.8, 0.2], abs=0.02)
        assert [part.mu for _, part in fitted.parts] == pytest.approx([8, 11], abs=0.05)
        assert [part.sigma for _, part in fitted.parts] == pytest.approx([0.6, 0.8], abs=0.05)
        assert distance < 0.02
        assert fitted.limited(math.inf) == pytest.approx(losses.mean(), rel=0.03)

    def test_one_kind_stays_one(self) -> None:
        losses = np.exp(9 + np.random.default_rng(4).standard_normal(5_000))
        fitted, _ = fit_losses(losses)
        assert len(fitted.parts) == 1

    def test_losses_that_are_all_the_same_have_their_mean(self) -> None:
        fitted, _ = fit_losses(np.full(300, 1_000.0))
        assert fitted.limited(math.inf) == pytest.approx(1_000, rel=1e-4)

    @pytest.mark.parametrize(("count", "fits"), [(199, False), (200, True)])
    def test_few_losses_are_refused_with_how_many_would_do(self, count: int, fits: bool) -> None:
        losses = np.linspace(1, 2, count)
        if fits:
            fit_losses(losses)
            return
        with pytest.raises(InputError, match="found 199 losses; expected 200 or more") as refused:
            fit_losses(losses)
        assert refused.value.code == "thin_data"

    @pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
    def test_what_is_no_loss_is_refused(self, bad: float) -> None:
        with pytest.raises(InputError) as refused:
            fit_losses(np.append(np.linspace(1, 2, 300), bad))
        assert refused.value.code == "negative_loss"


class TestOutlook:
    PAID = np.concatenate((np.zeros(9_000), np.random.default_rng(1).exponential(20_000, 1_000)))

    def test_a_compound_poisson_has_its_mean_and_spread(self) -> None:
        losses = np.array([1_000.0, 3_000.0, 50_000.0])
        total = compound_poisson(40, losses)
        assert total.mean == pytest.approx(40 * losses.mean(), rel=1e-6)
        assert total.standard_deviation == pytest.approx(math.sqrt(40 * (losses**2).mean()), rel=1e-3)
        assert total.chances.sum() == pytest.approx(1, abs=1e-9)

    def test_no_loss_at_all_is_as_likely_as_it_is(self) -> None:
        assert compound_poisson(2, np.array([500.0])).chances[0] == pytest.approx(math.exp(-2))

    def test_the_reasons_add_up_as_independent_ones_do(self) -> None:
        found = outlook(self.PAID, 50_000, shock=0.1, seed=1)
        assert found.mean == pytest.approx(50_000 * self.PAID.mean())
        parts = found.by_chance**2 + found.by_estimate**2 + found.by_shock**2
        assert found.spread == pytest.approx(math.sqrt(parts), rel=0.02)
        assert [one for one, _, _ in found.at_risk] == sorted(one for one, _, _ in found.at_risk)
        values = [value for _, value, _ in found.at_risk]
        assert values == sorted(values)
        assert all(tail > value for _, value, tail in found.at_risk)

    def test_without_a_shock_the_tail_of_many_is_near_the_normal_one(self) -> None:
        found = outlook(np.tile(self.PAID, 400), 200_000, shock=0, seed=1)
        level, value, _ = found.at_risk[-1]
        assert level == 0.995
        assert (value - found.mean) / found.spread == pytest.approx(2.576, abs=0.12)

    def test_a_shock_makes_the_bad_years_worse(self) -> None:
        calm, shocked = (outlook(self.PAID, 50_000, shock=shock, seed=1).at_risk[-1][1] for shock in (0.0, 0.2))
        assert shocked > 1.2 * calm

    @pytest.mark.parametrize(("claims", "enough"), [(29, False), (30, True)])
    def test_few_claims_are_refused(self, claims: int, enough: bool) -> None:
        paid = np.concatenate((np.zeros(100), np.linspace(1, 2, claims)))
        if enough:
            outlook(paid, 100, shock=0, seed=1)
            return
        with pytest.raises(InputError) as refused:
            outlook(paid, 100, shock=0, seed=1)
        assert refused.value.code == "thin_data"


def test_a_plan_is_priced_on_a_city_the_same_every_time() -> None:
    loaded = find_plan(JIANGSU)
    program = compile_plan(loaded.plan)
    first, second = (
        price_plan(loaded, city_history(build_city(30_000, 3), program), fit=True, insured=30_000, shock=0.05)
        for _ in range(2)
    )
    assert first == second
    assert 20 < first.pure.value < 90
    (medical, *_) = first.fitted
    assert medical.pure == pytest.approx(first.benefits[0][1].value, rel=0.5)


class TestCommand:
    def test_a_price_on_a_city_says_all_and_the_file_too(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "price.json"
        command = ["price", JIANGSU, "--city", "30000", "--fit", "--insured", "3000000", "--out", str(out)]
        assert main(command) == 0
        said = capsys.readouterr().out
        assert "fitted: in_catalogue" in said
        assert "a year of 3,000,000 insured" in said
        found = json.loads(out.read_text("utf-8"))
        assert found["outlook"]["insured"] == 3_000_000
        assert len(found["history_digest"]) == 64
        assert {row["name"] for row in found["parameters"]} == {one.name for one in standard_parameters()}

    @pytest.mark.parametrize(("language", "word"), [("zh", "纯保费"), ("en", "Pure premium")])
    def test_a_price_is_a_page_and_the_same_to_the_byte_when_it_is_asked_for_again(
        self, tmp_path: Path, language: str, word: str
    ) -> None:
        texts = []
        for name in ("a", "b"):
            command = ["price", JIANGSU, "--city", "20000", "--rates", "--insured", "1000000", "--language", language]
            assert (
                main([*command, "--page", str(tmp_path / f"{name}.html"), "--out", str(tmp_path / f"{name}.json")]) == 0
            )
            texts.append((tmp_path / f"{name}.html").read_bytes() + (tmp_path / f"{name}.json").read_bytes())
        assert texts[0] == texts[1]
        written = (tmp_path / "a.html").read_text("utf-8")
        assert word in written
        assert written.count("<picture>") == 3

    def test_rates_by_age_and_sex_carry_the_whole_premium(self, tmp_path: Path) -> None:
        out = tmp_path / "price.json"
        assert main(["price", JIANGSU, "--city", "30000", "--rates", "--expenses", "10", "--out", str(out)]) == 0
        found = json.loads(out.read_text("utf-8"))
        total = sum(group["total"] for group in found["rates"])
        assert total == round(found["gross"]["value"] * 100 * 30_000)
        assert sum(group["subsidy"] for group in found["rates"]) == 0

    def test_rates_of_people_whose_age_nobody_knows_are_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write_city(build_city(20_000, 3), tmp_path, date(2022, 1, 1), 1, csv=True)
        rows = list(csv.DictReader((tmp_path / "members-2022.csv").open(encoding="utf-8")))
        kept = ["psn_no", "cover_from", "cover_to", "sex"]
        with (tmp_path / "m.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, kept, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        files = ["--members", str(tmp_path / "m.csv"), "--settlements", str(tmp_path / "settlements-2022.csv")]
        assert main(["price", JIANGSU, *files, "--rates"]) == 2
        assert "without a birth date or a sex" in capsys.readouterr().err

    @pytest.mark.parametrize("more", [[], ["--city", "3000", "--members", "m.csv"], ["--members", "m.csv"]])
    def test_it_must_be_said_on_whom(self, more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["price", JIANGSU, *more]) == 2
        assert "expected either --members and --settlements, or --city" in capsys.readouterr().err
