"""What the evaluator decides, refuses and cancels, under Jiangsu 2022."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cast import bill, jiangsu, member
from huimin.adjudication import MemberYear, adjudicate, program_from_json, program_to_json
from huimin.errors import InputError
from huimin.settlement import Settlement


def year_of(*bills: Settlement, **facts: object) -> MemberYear:
    return adjudicate(jiangsu(), member(**facts), bills)


def payables(year: MemberYear) -> dict[str, list[int]]:
    return {d.settlement.setl_id: [line.payable for line in d.benefits] for d in year.decisions}


def test_the_deductible_is_used_up_over_the_year_in_the_order_of_the_bills() -> None:
    year = year_of(bill("7000", setl_id="A", day="2022-02-01"), bill("7000", setl_id="B", day="2022-03-01"))
    assert payables(year) == {"A": [0, 0, 0], "B": [2_600_00, 0, 0]}


def test_a_late_bill_dated_earlier_takes_the_deductible_first() -> None:
    late = bill("10000", setl_id="Z", day="2022-01-15")
    year = year_of(bill("7000", setl_id="A", day="2022-02-01"), late)
    assert payables(year) == {"Z": [0, 0, 0], "A": [4_550_00, 0, 0]}


def test_bills_of_one_moment_are_ordered_by_their_id() -> None:
    year = year_of(bill("9000", setl_id="B"), bill("2000", setl_id="A"))
    assert list(payables(year)) == ["A", "B"]
    assert payables(year)["B"] == [650_00, 0, 0]


def test_rounding_is_on_the_cumulative_amount_so_that_fen_are_never_lost_or_made() -> None:
    fens = [bill("0.01", setl_id=f"B{n}", day="2022-04-01") for n in range(10)]
    year = year_of(bill("10000", setl_id="A"), *fens)
    # 65 % of ten single fen is 6.5, so 7 in all; each alone would round to 1.
    assert sum(decision.payable for decision in year.decisions) == 7


def test_a_reversal_takes_the_bill_out_and_later_bills_are_decided_as_if_it_had_never_been() -> None:
    first, second = bill("50000", setl_id="A", day="2022-02-01"), bill("12000", setl_id="B")
    reversal = bill("1", setl_id="R", day="2022-05-01", reverses="A")
    assert payables(year_of(first, second, reversal)) == payables(year_of(second))
    assert {s.setl_id for s in year_of(first, second, reversal).cancelled} == {"A", "R"}


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([bill("1"), bill("1")], ["duplicate"]),
        ([bill("1"), bill("2")], ["conflicting_duplicate", "conflicting_duplicate"]),
        ([bill(setl_id="R", reverses="nothing")], ["reverses_unknown"]),
        (
            [bill(), bill(setl_id="R1", reverses="S1"), bill(setl_id="R2", reverses="R1")],
            ["reverses_reversal"],
        ),
        (
            [bill(), bill(setl_id="R1", reverses="S1"), bill(setl_id="R2", reverses="S1")],
            ["already_reversed"],
        ),
        ([bill(day="2023-01-01")], ["uncovered_date"]),
        ([bill(day="2021-12-31 23:59:59")], ["uncovered_date"]),
        ([bill(med_type="")], ["missing_med_type"]),
        ([bill(med_type="41")], ["unknown_terms"]),
        ([replace(bill(), amounts={"psn_part_amt": 100})], ["missing_amount"]),
        ([bill("1", psn_part_amt="-5")], ["negative_amount"]),
        ([bill("1", medfee_sumamt="10", fund_pay_sumamt="8.99")], ["unbalanced_total"]),
    ],
)
def test_what_cannot_be_decided_is_refused_with_a_stable_code(rows: list[Settlement], codes: list[str]) -> None:
    year = year_of(*rows)
    assert sorted(refusal.code for refusal in year.refused) == sorted(codes)
    assert len(year.decisions) + len(year.cancelled) + len(year.refused) == len(rows)


def test_a_bill_in_a_setting_whose_terms_are_not_known_is_told_so_by_its_id() -> None:
    (refusal,) = year_of(bill(med_type="41")).refused
    assert (refusal.setl_id, "med_type 41" in refusal.reason) == ("S1", True)


@pytest.mark.parametrize("day", ["2022-01-01", "2022-12-31 23:59:59"])
def test_the_first_and_the_last_day_of_cover_are_covered(day: str) -> None:
    assert len(year_of(bill("20000", day=day)).decisions) == 1


def test_a_member_who_joined_late_is_covered_from_their_first_day() -> None:
    joined = {"cover_from": date(2022, 2, 16)}
    assert [r.code for r in year_of(bill("20000", day="2022-02-15"), **joined).refused] == ["uncovered_date"]
    assert len(year_of(bill("20000", day="2022-02-16"), **joined).decisions) == 1


def test_an_ordinary_outpatient_bill_is_adjudicated_and_no_benefit_applies() -> None:
    (decision,) = year_of(bill("20000", med_type="11")).decisions
    assert decision.benefits == ()
    assert decision.payable == 0


def test_an_unbalanced_bill_that_was_reversed_needs_no_look() -> None:
    wrong = bill("1", medfee_sumamt="10", fund_pay_sumamt="8.99")
    year = year_of(wrong, bill(setl_id="R", reverses="S1"))
    assert year.refused == ()


def test_a_bill_of_another_member_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="another member"):
        year_of(bill(psn_no="li"))


def test_a_program_read_from_its_json_is_the_same_program() -> None:
    program = jiangsu()
    assert program_from_json(program_to_json(program)) == program
    assert program_from_json(program_to_json(program)).digest == program.digest


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format":"other"}', '{"format":"huimin-program/1","benefits":3}'])
def test_a_text_that_is_no_program_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        program_from_json(text)
