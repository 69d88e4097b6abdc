"""The column path decides as the evaluator does: the same lines, the same refusals, on plans that use everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cast import bill, elsewhere_for_less, jiangsu, member, two_benefits_on_one_list
from huimin.adjudication import BenefitProgram, Program, Schedule, adjudicate
from huimin.batch import Adjudicated
from huimin.batch import adjudicate as adjudicate_columns
from huimin.batch.decide.by_column import decide_columns
from huimin.batch.decide.cases import Known
from huimin.batch.decide.sums import LARGEST_YEAR
from huimin.batch.table.fact_columns import Members, Settlements
from huimin.batch.table.rows import Rows
from huimin.errors import InputError
from huimin.money import LARGEST_FEN
from huimin.settlement import Care, Item, Member, Settlement
from huimin.settlement.member import ANY_GROUP
from huimin.settlement.reading import member_from_row, member_to_row, settlement_from_row, settlement_to_row
from properties.whole_plans import whole_members, whole_programs, whole_years

People = list[tuple[Member, list[Settlement]]]


def table(rows: list[dict[str, str]], *always: str) -> pa.Table:
    names = sorted({name for row in rows for name in row} | {*always})
    return pa.table({name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in names})


def by_columns(program: Program, members: list[Member], bills: list[Settlement], threads: int = 1) -> Adjudicated:
    return adjudicate_columns(
        program,
        table([member_to_row(one) for one in members], "psn_no", "cover_from", "cover_to"),
        table([settlement_to_row(one) for one in bills], "setl_id", "psn_no", "setl_time"),
        threads=threads,
    )


def lines(found: Adjudicated) -> list[tuple[Any, ...]]:
    columns = found.decisions.to_pydict()
    names = ("setl_id", "benefit", "base_fen", "deductible_applied_fen", "excess_fen", "payable_fen")
    return list(zip(*(columns[name] for name in names), strict=True))


def one_by_one(
    program: Program, members: list[Member], bills: list[Settlement]
) -> tuple[list[Any], list[Any], list[Any], int]:
    """What the evaluator says of each member, read from the same texts: lines, undecided, refusals, rows cancelled."""
    found, undecided, refused, cancelled = [], [], [], 0
    for one in sorted(members, key=lambda one: one.psn_no):
        mine = [settlement_from_row(settlement_to_row(b)) for b in bills if b.psn_no == one.psn_no]
        year = adjudicate(program, member_from_row(member_to_row(one)), mine)
        refused += [(refusal.setl_id, refusal.code, refusal.reason) for refusal in year.refused]
        cancelled += len(year.cancelled)
        found += [
            (decision.settlement.setl_id, line.benefit, line.base, line.deductible_applied, line.excess, line.payable)
            for decision in year.decisions
            for line in decision.lines
        ]
        undecided += [
            (decision.settlement.setl_id, one.psn_no, lacking.benefit, lacking.term, lacking.why)
            for decision in year.undecided
            for lacking in decision.undecided
        ]
    return found, sorted(undecided), sorted(refused), cancelled


def assert_alike(program: Program, members: list[Member], bills: list[Settlement], threads: int = 1) -> Adjudicated:
    found = by_columns(program, members, bills, threads)
    expected, undecided, refused, cancelled = one_by_one(program, members, bills)
    assert lines(found) == expected
    assert list(zip(*found.undecided.to_pydict().values(), strict=True)) == undecided
    assert found.undecided_bills == len({setl_id for setl_id, *_ in undecided})
    assert list(zip(*found.refused.to_pydict().values(), strict=True)) == refused
    assert found.cancelled == cancelled
    assert found.adjudicated + found.undecided_bills + found.cancelled + found.refused.num_rows == len(bills)
    return found


@settings(max_examples=settings.default.max_examples // 3)
@given(whole_programs(), st.lists(st.tuples(whole_members(), whole_years()), min_size=1, max_size=4))
def test_every_plan_and_year_is_decided_alike(program: Program, people: People) -> None:
    members, bills = [], []
    for number, (one, facts) in enumerate(people):
        members.append(replace(one, psn_no=f"P{number}"))
        for fact in facts:
            reverses = None if fact.reverses is None else f"{number}-{fact.reverses}"
            bills.append(replace(fact, psn_no=f"P{number}", setl_id=f"{number}-{fact.setl_id}", reverses=reverses))
    assert_alike(program, members, bills, threads=2)


def a_city(rng: np.random.Generator, people: int) -> tuple[list[Member], list[Settlement]]:
    """Members of every kind, with bills of one time, reversals and repeats among them."""
    members, bills = [], []
    for number in range(people):
        psn_no = f"P{number:06d}"
        groups = frozenset({"any"}) if rng.random() < 0.2 else frozenset[str]()
        first = date(2022, 1, 1) + timedelta(days=int(rng.choice([0, 0, 45])))
        members.append(member(psn_no, cover_from=first, pre_existing=groups, continuous_years=int(rng.integers(0, 2))))
        for place in range(int(rng.poisson(3))):
            day = date(2021, 12, 28) + timedelta(days=int(rng.integers(0, 370)))
            yuan = rng.lognormal(8.5, 1.6, 2)
            one = bill(f"{yuan[0]:.2f}", f"{yuan[1] / 4:.2f}", setl_id=f"{psn_no}-{place}", day=str(day), psn_no=psn_no)
            bills.append(replace(one, med_type=str(rng.choice(["21", "14", "11"], p=[0.7, 0.25, 0.05]))))
            if rng.random() < 0.02:
                bills.append(replace(one, setl_id=f"{one.setl_id}-R", reverses=one.setl_id, amounts={}))
            if rng.random() < 0.01:
                bills.append(one)
    order = rng.permutation(len(bills))
    return members, [bills[place] for place in order]


def test_a_city_of_the_published_plan_is_decided_alike() -> None:
    members, bills = a_city(np.random.default_rng(1), 3_000)
    found = assert_alike(jiangsu(), members, bills, threads=2)
    assert found.adjudicated > 8_000
    assert min(found.cancelled, found.refused.num_rows) > 100


def test_bills_of_one_moment_go_by_their_ids_as_text() -> None:
    ids = ["9", "10", "b", "B", "é", "￥", "10 "]
    bills = [bill("9000.00", setl_id=name.strip() or name) for name in dict.fromkeys(name.strip() for name in ids)]
    found = lines(assert_alike(jiangsu(), [member()], bills))
    in_order = [(setl_id, payable) for setl_id, benefit, *_, payable in found if benefit == "in_catalogue"]
    # The first uses 9,000 of the deductible up, the second the rest; the others pay 65 % of 9,000 each.
    assert in_order == [("10", 0), ("9", 5_200_00), *((name, 5_850_00) for name in ("B", "b", "¥", "é"))]


def test_sums_too_large_for_the_kernel_are_decided_by_the_evaluator() -> None:
    whole = BenefitProgram("all", "self_paid", med_types=("21",), schedules=(Schedule((), ((0, 10_000),)),))
    program = Program("test", date(2022, 1, 1), date(2022, 12, 31), "settlement", (whole,))
    largest = f"{LARGEST_FEN // 100}.00"
    enough = LARGEST_YEAR // LARGEST_FEN + 2
    bills = [bill(largest, setl_id=f"S{number:03d}") for number in range(enough)]
    other = bill("1.00", setl_id="T", psn_no="li")
    found = assert_alike(program, [member(), member("li")], [*bills, other])
    assert sum(found.decisions["payable_fen"].to_pylist()) == enough * LARGEST_FEN + 100


def places(benefit: BenefitProgram, rng: np.random.Generator) -> tuple[list[Member], list[Settlement], Program]:
    """A hundred members with bills of the city and from elsewhere, by turns and by chance; and the benefit's plan."""
    program, members, bills = elsewhere_for_less(), [member(f"P{number:03d}") for number in range(100)], []
    for one in members:
        for number in range(20):
            fen = int(rng.integers(1, 400))
            made = bill(f"{fen / 100:.2f}", setl_id=f"{one.psn_no}-{number:02d}", psn_no=one.psn_no)
            bills.append(replace(made, care=Care(place=str(rng.choice(["local", "elsewhere"])))))
    return members, bills, replace(program, benefits=(benefit,))


@pytest.mark.parametrize("change", [{}, {"minimum": 1}, {"schedules": 3}], ids=["plain", "not plain", "three tiers"])
def test_rates_that_change_from_bill_to_bill_add_up_alike(change: dict[str, Any]) -> None:
    (benefit,) = elsewhere_for_less().benefits
    elsewhere, usual = benefit.schedules
    if "schedules" in change:
        change = {"schedules": (elsewhere, replace(usual, tiers=((0, 3_333), (500, 7_777), (1_500, 1_234))))}
    members, bills, program = places(replace(benefit, **change), np.random.default_rng(3))
    assert len({line[-1] for line in lines(assert_alike(program, members, bills))}) > 50


@pytest.mark.parametrize("code", ["D", "E"])
def test_two_benefits_on_one_list_count_a_purchase_once(code: str) -> None:
    bills = [replace(bill("100.00", setl_id=name), care=Care(items=(Item(code, 60_00),))) for name in "AB"]
    found = lines(assert_alike(two_benefits_on_one_list(), [member()], bills))
    counted = [line[2] for line in found]
    assert counted == ([60_00, 60_00, 40_00, 40_00] if code == "D" else [50_00] * 4)


def frames(kind: str) -> tuple[Any, Any]:
    """The published bill with amounts as people have them in frames."""
    members = {"psn_no": ["wang"], "cover_from": [date(2022, 1, 1)], "cover_to": [date(2022, 12, 31)]}
    bills = {
        "setl_id": ["S1"],
        "psn_no": ["wang"],
        "setl_time": [datetime(2022, 3, 1, 14, 5)],
        "med_type": [21],
        "psn_part_amt": [Decimal("118845.11")],
        "fulamt_ownpay_amt_fen": [3617_58],
    }
    return {
        "arrow": (pa.table(members), pa.table(bills)),
        "polars": (pl.DataFrame(members), pl.DataFrame(bills)),
        "pandas": (pd.DataFrame(members), pd.DataFrame(bills)),
    }[kind]


@pytest.mark.parametrize("kind", ["arrow", "polars", "pandas"])
def test_frames_of_every_kind_are_decided_to_the_fen(kind: str) -> None:
    found = adjudicate_columns(jiangsu(), *frames(kind))
    assert found.decisions["payable_fen"].to_pylist() == [69025_20, 0, 0]
    assert found.refused.num_rows == 0


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (20000.5, None),
        (float("nan"), "bad_amount"),
        (0.001, "bad_amount"),
        (-1.0, "negative_amount"),
        (1e14, "bad_amount"),
        (None, "missing_amount"),
    ],
)
def test_a_number_that_is_no_amount_refuses_its_bill_with_a_code(amount: float | None, code: str | None) -> None:
    members, bills = frames("arrow")
    place = bills.schema.get_field_index("psn_part_amt")
    bills = bills.set_column(place, "psn_part_amt", pa.array([amount], pa.float64()))
    found = adjudicate_columns(jiangsu(), members, bills)
    assert found.refused["code"].to_pylist() == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop_columns(["setl_time"]), "the columns setl_time are missing"),
        (lambda t: t.append_column("psn_part_amt_fen", pa.array([1])), "found the column psn_part_amt twice"),
        (lambda t: t.set_column(0, "setl_id", pa.array([["S1"]])), "expected text, numbers or dates"),
    ],
)
def test_frames_that_cannot_be_used_say_why(change: Any, words: str) -> None:
    members, bills = frames("arrow")
    with pytest.raises(InputError, match=words) as refused:
        adjudicate_columns(jiangsu(), members, change(bills))
    assert refused.value.code == "unusable_file"


def test_nothing_at_all_is_decided_at_once() -> None:
    found = by_columns(jiangsu(), [], [])
    assert (found.decisions.num_rows, found.refused.num_rows, found.adjudicated, found.cancelled) == (0, 0, 0, 0)


def test_what_one_part_knows_of_cases_changes_nothing_for_another() -> None:
    """Members whose texts are alike are two cases where one of them still waits; and cases come in any order."""
    program = jiangsu()
    waiting = replace(program, benefits=tuple(replace(one, waiting_days=60) for one in program.benefits))
    known = Known()
    for begun in (date(2022, 1, 1), date(2022, 3, 1), date(2022, 1, 1)):
        for history in ((set(), {ANY_GROUP}), ({ANY_GROUP}, set()), ({ANY_GROUP}, {ANY_GROUP})):
            people = [member(f"m{n}", cover_from=begun, pre_existing=frozenset(one)) for n, one in enumerate(history)]
            bills = [bill("200000", psn_no=one.psn_no, setl_id=one.psn_no, day="2022-03-15") for one in people]
            facts = Settlements(Rows(table([settlement_to_row(one) for one in bills])))
            rows = Members(Rows(table([member_to_row(one) for one in people])))
            decided = decide_columns(waiting, rows, facts, known=known).lines
            expected, *_ = one_by_one(waiting, people, bills)
            assert decided.payable.tolist() == [line[-1] for line in expected]


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(8))
def test_a_large_city_is_decided_alike(seed: int) -> None:
    """A fingerprint of every line, on invented cities with reversals, repeats and covers that begin late."""
    members, bills = a_city(np.random.default_rng(seed), 30_000)
    assert_alike(jiangsu(), members, bills, threads=2)


@pytest.mark.parametrize("text", ["A\nB", "A\tB", "A\rB", "A\u2028B"])
@pytest.mark.parametrize("column", ["setl_id", "psn_no"])
def test_columns_refuse_an_id_with_a_tab_or_the_end_of_a_line_inside_as_the_evaluator_does(
    column: str, text: str
) -> None:
    people = [member()]
    rows = [{**settlement_to_row(bill("100", setl_id=f"S{n}")), **({column: text} if n == 1 else {})} for n in range(3)]
    found = adjudicate_columns(
        jiangsu(), table([member_to_row(one) for one in people]), table(rows, "setl_id", "psn_no", "setl_time")
    )
    fault = settlement_from_row(rows[1]).fault
    assert fault is not None
    assert [(row["setl_id"], row["code"], row["reason"]) for row in found.refused.to_pylist()] == [
        (rows[1]["setl_id"], "bad_text", fault.reason)
    ]


def test_a_member_whose_number_has_the_end_of_a_line_inside_is_faulty_by_column_and_by_row() -> None:
    row = {**member_to_row(member()), "psn_no": "wa\nng"}
    members = Members(Rows(table([row, member_to_row(member())])))
    assert [*members.faulty] == [0]
    with pytest.raises(InputError, match=r"psn_no: found U.000A, a tab or the end of a line, inside"):
        member_from_row(row)
