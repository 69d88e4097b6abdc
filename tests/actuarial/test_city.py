"""The synthetic city: its parameters, its people, its bills, and what was published of cities like it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from huimin.actuarial.city import City, Target, build_city, catastrophic, measure, standard_parameters
from huimin.actuarial.city.files import bills_table, members_table
from huimin.actuarial.history import history_of_tables
from huimin.adjudication import compile_plan
from huimin.cli import main
from huimin.errors import InputError
from huimin.settlement import IDENTITIES
from huimin.terms import find_plan

COVER = (date(2022, 1, 1), date(2022, 12, 31))


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(20_000, 7)


@pytest.fixture(scope="module", params=[7, 8])
def targets(request: pytest.FixtureRequest) -> dict[str, Target]:
    return {target.name: target for target in measure(build_city(600_000, request.param))}


@pytest.mark.parametrize(
    "name", ["top_tenth", "stay_one_year", "stay_four_years", "stay_cost", "personal_share", "stays", "catastrophic"]
)
def test_the_city_does_what_was_published_of_cities(targets: dict[str, Target], name: str) -> None:
    assert targets[name].met, targets[name]


def test_without_lasting_illness_nobody_stays_ill_and_the_target_says_so() -> None:
    parameters = standard_parameters().changed(lasting_stays=2.0, passing_lasts=0.2)
    missed = {target.name for target in measure(build_city(100_000, 7, parameters)) if not target.met}
    assert "stay_four_years" in missed


def test_every_parameter_has_a_source_or_a_range() -> None:
    for one in standard_parameters():
        assert bool(one.source) != bool(one.assumption), one.name
        assert one.source or (one.low and one.high), one.name


@pytest.mark.parametrize(
    ("values", "code"),
    [({"frailty": 5.0}, "bad_parameter"), ({"away": 0.1}, "bad_parameter"), ({"height": 1.0}, "unknown_parameter")],
)
def test_a_parameter_outside_its_range_or_of_no_meaning_is_refused(values: dict[str, float], code: str) -> None:
    with pytest.raises(InputError) as refused:
        standard_parameters().changed(**values)
    assert refused.value.code == code


@pytest.mark.parametrize(("people", "fits"), [(999, False), (1_000, True), (20_000_001, False)])
def test_a_city_has_a_thousand_people_or_more_and_twenty_million_at_most(people: int, fits: bool) -> None:
    if fits:
        assert len(build_city(people, 1).people) == people
        return
    with pytest.raises(InputError) as refused:
        build_city(people, 1)
    assert refused.value.code == "bad_size"


def test_a_seed_makes_one_city_to_the_last_fen_and_another_makes_another(city: City) -> None:
    again, other = build_city(20_000, 7).year(2), build_city(20_000, 8).year(2)
    assert bills_table(city.year(2), COVER[0]).equals(bills_table(again, COVER[0]))
    assert not np.array_equal(again.care.cost, other.care.cost)


def test_nobody_below_eighteen_lives_alone_and_couples_live_together(city: City) -> None:
    people = city.people
    alone = np.bincount(people.household)[people.household] == 1
    assert not (alone & (people.age < 18)).any()
    assert 2.2 < len(people) / people.households < 2.9
    grown = np.bincount(people.household, people.age >= 20)
    assert (grown >= 2).mean() > 0.5


def test_amounts_of_every_bill_add_up(city: City) -> None:
    amounts = city.year(0).amounts
    for identity in IDENTITIES:
        parts = sum(amounts[name] for name in (*identity.parts, *identity.optional) if name in amounts)
        rest = amounts[identity.whole] - parts
        assert (rest >= 0).all() if identity.at_most else not rest.any(), identity.code
    assert all((values >= 0).all() for values in amounts.values())


def test_every_bill_is_decided_by_a_plan_that_asks_for_nothing_else(city: City) -> None:
    program = compile_plan(find_plan("jiangsu/yihuibao-1/2022").plan)
    year = city.year(0)
    members = members_table(city, year, COVER, history=False)
    decided = history_of_tables(members, bills_table(year, COVER[0]), "").decide(program)
    assert (decided.adjudicated, len(decided.refused)) == (len(year.care), 0)


def test_a_lasting_illness_lasts_and_a_passing_one_mostly_does_not(city: City) -> None:
    first, later = city.health(0), city.health(1)
    assert (later.lasting[first.lasting]).mean() > 0.9
    assert (later.passing[first.passing]).mean() < 0.5
    assert abs(later.lasting.mean() - first.lasting.mean()) < 0.003


def test_what_a_plan_pays_keeps_households_from_catastrophe(city: City) -> None:
    year = city.year(0)
    before = catastrophic(city, year)
    own = np.bincount(year.care.person, year.amounts["psn_part_amt"] / 100, len(city.people))
    after = catastrophic(city, year, paid=own)
    assert after.sum() < before.sum()
    assert not (after & ~before).any()


class TestCommand:
    def test_a_city_is_written_with_where_every_number_comes_from_and_its_files_can_be_adjudicated(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "city"
        command = ["city", "--people", "3000", "--years", "2", "--seed", "5", "--out", str(out), "--csv"]
        assert main(command) == 0
        assert "3,000 people" in capsys.readouterr().out
        described = json.loads((out / "city.json").read_text("utf-8"))
        assert described["invented"].startswith("Nobody lives here")
        assert {row["name"] for row in described["parameters"]} == {one.name for one in standard_parameters()}
        files = ["--members", str(out / "members-2022.csv"), "--settlements", str(out / "settlements-2022.csv")]
        done = main(["adjudicate", "jiangsu/yihuibao-1/2022", *files, "--out", str(tmp_path / "decided")])
        assert done == 0
        summary = json.loads((tmp_path / "decided" / "summary.json").read_text("utf-8"))
        assert float(summary["payable"]) > 0

    def test_too_small_a_city_is_refused_with_what_would_be_enough(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["city", "--people", "10", "--out", str(tmp_path / "x")]) == 2
        assert "expected 1,000 to 20,000,000" in capsys.readouterr().err
        assert not (tmp_path / "x").exists()
