"""Designs are plan files, decided exactly, and the frontier has none that another betters in everything."""

from __future__ import annotations

import csv
import tomllib
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from cast import JIANGSU, jiangsu
from huimin.actuarial.city import build_city, catastrophic
from huimin.actuarial.design import Change, Search, relief, search, variant
from huimin.actuarial.populations import city_history
from huimin.adjudication import compile_plan
from huimin.cli import main
from huimin.errors import InputError
from huimin.terms import find_plan, plan_names
from huimin.terms.loading import load_plan_text, plan_texts

CITY = build_city(30_000, 3)
TEXTS = plan_texts(JIANGSU)


class TestVariants:
    @pytest.mark.parametrize("name", plan_names())
    def test_every_plan_of_the_catalogue_has_designs_that_load(self, name: str) -> None:
        for change in (Change(), Change(5, 2_000, 20), Change(20, -2_000, 5)):
            load_plan_text(*variant(*plan_texts(name), change))

    def test_amounts_change_and_say_that_a_design_is_their_source(self) -> None:
        plan = tomllib.loads(variant(*TEXTS, Change(8, 500, 20))[0])
        first = plan["benefit"][0]
        assert (first["deductible"]["yuan"], first["deductible"]["source"]) == ("8000.00", "design")
        assert [tier["percent"] for tier in first["tiers"]] == ["70", "82"]
        assert first["limits"][0]["yuan"] == "2000000.00"
        assert first["name"] == tomllib.loads(TEXTS[0])["benefit"][0]["name"]

    def test_no_change_decides_like_the_plan(self) -> None:
        text, sources = variant(*TEXTS, Change())
        assert compile_plan(load_plan_text(text, sources).plan).benefits == jiangsu().benefits

    @pytest.mark.parametrize(("points", "rates"), [(5_000, ["100", "100"]), (-7_000, ["0", "7"])])
    def test_rates_stay_between_nothing_and_everything(self, points: int, rates: list[str]) -> None:
        plan = tomllib.loads(variant(*TEXTS, Change(points=points))[0])
        assert [tier["percent"] for tier in plan["benefit"][0]["tiers"]] == rates

    @pytest.mark.parametrize("change", [Change(deductible=-1), Change(limit=0)])
    def test_a_change_that_cannot_be_is_refused(self, change: Change) -> None:
        with pytest.raises(InputError) as refused:
            variant(*TEXTS, change)
        assert refused.value.code == "bad_change"


class TestSearch:
    def test_each_design_costs_what_its_plan_file_costs_on_everybody(self) -> None:
        points = search(TEXTS, CITY, Search(12, 4, 0.1, 0.0))
        assert points[0].change == Change()
        for point in points[:6]:
            program = compile_plan(load_plan_text(*variant(*TEXTS, point.change)).plan)
            history = city_history(CITY, program)
            paid = history.by_member(history.decide(program), len(program.benefits)).sum(axis=0) / 100
            assert point.pure == pytest.approx(paid.mean())
            year = CITY.year(0)
            spared = catastrophic(CITY, year).mean() - catastrophic(CITY, year, paid).mean()
            assert point.averted == pytest.approx(10_000 * spared)

    def test_none_on_the_frontier_is_bettered_and_all_others_are(self) -> None:
        points = search(TEXTS, CITY, Search(40, 5, 0.1, 100_000.0))
        able = [point for point in points if point.break_even is not None]
        for one in able:
            better = [
                other
                for other in able
                if (other.price <= one.price and other.break_even <= one.break_even and other.averted >= one.averted)
                and (other.price, other.break_even, other.averted) != (one.price, one.break_even, one.averted)
            ]
            assert one.best is not bool(better)
        assert any(point.best for point in points)

    def test_fixed_expenses_need_people_and_a_price_that_only_carries_claims_never_carries_them(self) -> None:
        free, dear = (search(TEXTS, CITY, Search(30, 6, 0.1, fixed)) for fixed in (0.0, 500_000.0))
        for one, other in zip(free, dear, strict=True):
            assert one.change == other.change
            assert other.break_even is None or (one.break_even is not None and other.break_even >= one.break_even)

    def test_when_the_sick_come_first_a_low_take_up_does_not_carry_a_plan(self) -> None:
        risk = tuple(np.linspace(2.0, 1.0, 100).tolist())
        plain, adverse = (search(TEXTS, CITY, Search(30, 6, 0.1, 1_000.0, one)) for one in ((1.0,) * 100, risk))
        pairs = [(a.break_even, b.break_even) for a, b in zip(plain, adverse, strict=True) if b.break_even is not None]
        assert pairs and all(a is not None and a <= b for a, b in pairs)
        assert any(a < b for a, b in pairs if a is not None)

    @pytest.mark.parametrize("asked", [Search(0, 1, 0.1, 0), Search(5, 1, 1.0, 0), Search(5, 1, 0.1, -1)])
    def test_a_search_that_cannot_be_is_refused(self, asked: Search) -> None:
        with pytest.raises(InputError) as refused:
            search(TEXTS, CITY, asked)
        assert refused.value.code == "bad_search"


def test_relief_adds_up_by_income_and_by_illness() -> None:
    program = jiangsu()
    history = city_history(CITY, program)
    paid = history.by_member(history.decide(program), len(program.benefits)).sum(axis=0) / 100
    groups = relief(CITY, CITY.year(0), paid)
    whole = groups[0]
    for by in ("income", "illness"):
        mine = [one for one in groups if one.by == by]
        assert sum(one.own for one in mine) == pytest.approx(whole.own)
        assert sum(one.paid for one in mine) == pytest.approx(whole.paid)
    assert all(one.after <= one.before for one in groups)
    tenths = [one.before for one in groups if one.by == "income"]
    assert tenths[0] > tenths[4] > tenths[9]


def test_the_command_writes_plan_files_that_are_plans(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["design", JIANGSU, "--city", "20000", "--designs", "30", "--fixed", "100000", "--out", str(tmp_path)]
    assert main(command) == 0
    assert "30 designs" in capsys.readouterr().out
    with (tmp_path / "designs.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    best = {row["design"] for row in rows if row["on_frontier"] == "1"}
    files = {path.parent.name: path for path in (tmp_path / "plans").glob("*/plan.toml")}
    assert best == set(files)
    for path in files.values():
        assert find_plan(str(path)).plan.id.startswith(JIANGSU)
    assert (tmp_path / "frontier.html").read_text("utf-8").count("<picture>") == 2
    assert main(["plans", "validate", str(next(iter(files.values())))]) == 0


def test_all_levers_can_be_put_together() -> None:
    for change in map(Change, *zip(*product((5, 20), (-2_000, 2_000), (5, 20)), strict=True)):
        load_plan_text(*variant(*TEXTS, change))
