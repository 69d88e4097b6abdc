"""The price is what the terms would have paid, and each clause's cost what they would have paid without it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.crowds import crowd
from batch.test_columns import a_city
from batch.test_parts import as_csv
from cast import JIANGSU, jiangsu, member
from huimin.actuarial.clauses import changed_clauses, with_facts
from huimin.actuarial.history import History, read_history
from huimin.actuarial.pages.pricing_page import pricing_page
from huimin.actuarial.pricing import Assumptions, price_plan
from huimin.adjudication import Program, adjudicate
from huimin.adjudication.condition_facts import Groups
from huimin.cli import main
from huimin.errors import InputError
from huimin.settlement.reading import member_from_row, member_to_row, settlement_from_row, settlement_to_row
from huimin.terms import find_plan
from properties.whole_plans import whole_programs

HEALTHY = {"pre_existing": False, "pre_existing_group": Groups(frozenset()), "related_pre_existing": False}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("history")
    members, bills = a_city(np.random.default_rng(2), 1_500)
    return (
        as_csv(home / "m.csv", [member_to_row(one) for one in members]),
        as_csv(home / "s.csv", [settlement_to_row(one) for one in bills]),
    )


@pytest.fixture(scope="module")
def history(files: tuple[Path, Path]) -> History:
    return read_history(*files)


def paid_by_member(program: Program, history: History) -> np.ndarray:
    return history.by_member(history.decide(program), len(program.benefits)).sum(axis=0)


def test_the_pure_premium_is_the_mean_of_what_the_evaluator_pays(history: History) -> None:
    found = price_plan(find_plan(JIANGSU), history)
    paid = []
    for row in range(len(history.members)):
        (one,) = history.members.read(np.array([row]))
        bills = list(history.bills.read(np.flatnonzero(_psn(history) == one.psn_no)))
        paid.append(sum(decision.payable for decision in adjudicate(jiangsu(), one, bills).decisions))
    assert found.pure.value == pytest.approx(np.mean(paid) / 100)
    assert found.pure.error == pytest.approx(np.std(paid, ddof=1) / len(paid) ** 0.5 / 100)
    assert sum(one.value for _, one in found.benefits) == pytest.approx(found.pure.value)
    assert found.members_paid == sum(amount > 0 for amount in paid)
    low, high = found.pure.interval
    assert (high - low) == pytest.approx(2 * 1.96 * found.pure.error)


@pytest.mark.parametrize("word", ["limits", "yuan", "title"])
def test_a_benefit_is_named_by_the_plan_even_where_its_id_is_a_word_of_the_page(history: History, word: str) -> None:
    found = price_plan(find_plan(JIANGSU), history)
    ((_, first), *others) = found.benefits
    page = pricing_page(replace(found, benefits=((word, first), *others)), (), "en", {word: "Called so by the plan"})
    assert page.count("Called so by the plan") == 1


def _psn(history: History) -> Any:
    return np.array(history.bills.rows.table.column("psn_no").to_pylist())


def test_expenses_and_margin_are_of_the_gross_premium(history: History) -> None:
    found = price_plan(find_plan(JIANGSU), history, Assumptions(expenses=1_200, margin=300))
    assert found.gross.value * 0.85 == pytest.approx(found.pure.value)
    with pytest.raises(InputError, match="expected less than 100 %") as refused:
        price_plan(find_plan(JIANGSU), history, Assumptions(expenses=9_000, margin=1_000))
    assert refused.value.code == "bad_loading"


def test_trend_comes_before_the_deductible(history: History) -> None:
    plan, program = find_plan(JIANGSU), jiangsu()
    before = price_plan(plan, history).pure.value
    after = price_plan(plan, history, Assumptions(trend=1_000)).pure.value
    assert after > 1.10 * before  # a deductible that stays makes more of every increase
    bills = [*map(settlement_to_row, history.bills.read(np.arange(len(history.bills))))]
    trended = history.trended(1_000, [program])
    names = ("psn_part_amt", "fulamt_ownpay_amt")
    for name in names:
        old, new = history.bills.amounts[name][0], trended.bills.amounts[name][0]
        assert new.tolist() == [(11 * int(fen) + 5) // 10 for fen in old]
    assert len(bills) == len(trended.bills)
    assert paid_by_member(program, history.trended(0, [program])).tolist() == paid_by_member(program, history).tolist()


def test_each_clause_costs_what_the_terms_would_pay_without_it(history: History) -> None:
    plan = find_plan(JIANGSU)
    costs = {one.clause: one.difference for one in price_plan(plan, history).clauses}
    assert set(costs) == {"pre_existing", "points", "deductible", "limits"}
    assert costs["pre_existing"].value > 0
    assert costs["deductible"].value > 0
    lower = [
        replace(one, deductibles=tuple(replace(row, amount=max(0, row.amount - 2_000_00)) for row in one.deductibles))
        for one in jiangsu().benefits
    ]
    other = paid_by_member(replace(jiangsu(), benefits=tuple(lower)), history)
    difference = (other - paid_by_member(jiangsu(), history)) / 100
    assert costs["deductible"].value == pytest.approx(difference.mean())
    assert costs["deductible"].error == pytest.approx(np.std(difference, ddof=1) / len(difference) ** 0.5)


@settings(max_examples=settings.default.max_examples // 6)
@given(whole_programs(), st.integers(0, 2**32))
def test_terms_without_a_fact_decide_as_if_all_people_were_so(program: Program, drawn: int) -> None:
    people, facts = crowd(Random(drawn), 6, 4)
    program = replace(program, pre_existing=None)
    for person in people:
        mine = [settlement_from_row(row) for row in facts if row["psn_no"] == person["psn_no"]]
        healthy = member_from_row({**person, "pre_existing": "0", "diag_history": ""})
        asked = adjudicate(program, healthy, mine)
        never_asked = adjudicate(with_facts(program, HEALTHY), member_from_row(person), mine)
        assert [d.payable for d in never_asked.decisions] == [d.payable for d in asked.decisions]
        assert never_asked.refused == asked.refused


@given(whole_programs())
def test_only_clauses_that_are_there_are_taken_away(program: Program) -> None:
    for name, other in changed_clauses(program, 1_00):
        assert other != program, name
        assert [benefit.id for benefit in other.benefits] == [
            benefit.id for benefit in program.benefits if benefit.id in {one.id for one in other.benefits}
        ]


def test_a_history_that_is_too_thin_is_refused(tmp_path: Path) -> None:
    members = as_csv(tmp_path / "m.csv", [member_to_row(member(f"P{n}")) for n in range(40)])
    rows = [{"setl_id": f"S{n}", "psn_no": f"P{n}", "setl_time": "2022-03-01", "med_type": "21"} for n in range(29)]
    bills = as_csv(tmp_path / "s.csv", [{**row, "psn_part_amt": "90000.00", "fulamt_ownpay_amt": "0"} for row in rows])
    with pytest.raises(InputError, match="found 29 members to whom the terms pay something; expected 30") as refused:
        price_plan(find_plan(JIANGSU), read_history(members, bills))
    assert refused.value.code == "thin_data"
    nobody = as_csv(tmp_path / "n.csv", [], "psn_no", "cover_from", "cover_to")
    with pytest.raises(InputError, match="found no members"):
        read_history(nobody, bills)


def test_a_price_at_a_terminal_says_what_its_file_says(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = ["--members", str(files[0]), "--settlements", str(files[1])]
    loading = ["--trend", "6.5", "--expenses", "12", "--margin", "3", "--out", str(tmp_path / "price.json")]
    assert main(["price", JIANGSU, *paths, *loading]) == 0
    printed = capsys.readouterr().out
    found = json.loads((tmp_path / "price.json").read_text("utf-8"))
    assert f"{found['pure']['value']:.2f}" in printed
    assert "without the pre-existing rule" in printed
    assert (found["assumptions"]["trend"], found["assumptions"]["deductible_step"]) == (650, 2_000_00)
    assert len(found["history_digest"]) == len(found["plan_digest"]) == 64
    assert main(["price", JIANGSU, *paths, *loading]) == 0
    assert json.loads((tmp_path / "price.json").read_text("utf-8")) == found


def test_a_reserve_at_a_terminal_is_the_chain_ladders_or_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "triangle.csv"
    path.write_text('period,0,1,2\n2021,"1,000",1500,1600\n2022,1100,1700\n2023,1200\n', "utf-8")
    assert main(["reserve", str(path), "--expected", "2000"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:3] == ["2021", "1,600", "0"]
    # 2022: 1,700 × 1600 ÷ 1500 − 1,700; 2023: 1,200 × (3,200 ÷ 2,100) × (1,600 ÷ 1,500) − 1,200
    assert [line.split()[2] for line in lines[2:5]] == ["113", "750", "864"]
    path.write_text("period,0,1,2\n2021,1000,x,1600\n2022,1100,1700\n2023,1200\n", "utf-8")
    assert main(["reserve", str(path)]) == 2
    assert "line 2: found 'x'; expected amounts in yuan" in capsys.readouterr().err
    path.write_text("period,0,1\n2021,1000,1500\n2022,1100\n", "utf-8")
    assert main(["reserve", str(path)]) == 2
    assert "found 2 periods; expected 3 or more" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "x", "6,5", "1.234", "--2", "."])
def test_what_is_no_percentage_is_refused_and_what_is_one_is_whole_basis_points(text: str) -> None:
    from argparse import ArgumentTypeError

    from huimin.cli.price import percent

    with pytest.raises(ArgumentTypeError, match="expected a percentage such as 6"):
        percent(text)
    assert [percent(one) for one in ("6", "6.5", "-2.25", "0.07")] == [600, 650, -225, 7]
