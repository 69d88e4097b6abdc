"""What follows from any state of a policy's overpayments: everybody gets exactly what is due, and nothing stays odd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from huimin.platform.payouts.models import OverpaymentKind
from huimin.platform.payouts.overpayments.balancing import Bill, Step, what_follows

SMALL = 10_00
fen = st.integers(-50_00, 50_00)
bill = st.builds(Bill, payable=fen, receivable=fen, waived=st.integers(0, 50_00))
policies = st.dictionaries(st.sampled_from("ABCDE"), bill)


def insured_gets(bills: Mapping[str, Bill]) -> int:
    """What the insured still gets, with what they were let off, which they have already."""
    return sum(one.payable - one.receivable - one.waived for one in bills.values())


@given(policies)
def test_nobody_gains_or_loses_a_fen(bills: dict[str, Bill]) -> None:
    _steps, after = what_follows(bills, SMALL)
    assert insured_gets(after) == insured_gets(bills)


@given(policies)
def test_afterwards_nobody_owes_and_is_owed_and_nothing_small_is_asked_for(bills: dict[str, Bill]) -> None:
    _steps, after = what_follows(bills, SMALL)
    assert all(one.payable >= 0 and one.receivable >= 0 and one.waived >= 0 for one in after.values())
    payable, receivable = (sum(getattr(one, name) for one in after.values()) for name in ("payable", "receivable"))
    assert payable == 0 or receivable == 0
    assert receivable == 0 or receivable > SMALL


@given(policies)
def test_nothing_follows_a_second_time(bills: dict[str, Bill]) -> None:
    _steps, after = what_follows(bills, SMALL)
    assert what_follows(after, SMALL) == ([], after)


@given(policies)
def test_a_waiver_is_taken_back_only_where_what_was_waived_is_due_after_all(bills: dict[str, Bill]) -> None:
    steps, _after = what_follows(bills, SMALL)
    for step in steps:
        assert step.amount > 0
        if step.kind is OverpaymentKind.WAIVER_BACK:
            before = bills[step.source]
            assert step.amount == min(before.waived, before.payable - before.receivable)


@given(policies)
def test_every_amount_set_off_comes_from_a_claim_of_the_policy(bills: dict[str, Bill]) -> None:
    steps, after = what_follows(bills, SMALL)
    kept: Counter[str] = Counter()
    for step in steps:
        if step.kind is OverpaymentKind.SET_OFF:
            kept[step.kept_of] += step.amount
    owed_again = Counter({step.source: step.amount for step in steps if step.kind is OverpaymentKind.NOT_OWED})
    for source, amount in kept.items():
        assert amount == max(bills[source].payable, 0) + owed_again[source] - after[source].payable


def test_the_oldest_debt_is_set_off_first_from_the_oldest_claim() -> None:
    bills = {
        "A": Bill(receivable=40_00),
        "B": Bill(receivable=30_00),
        "C": Bill(payable=25_00),
        "D": Bill(payable=35_00),
    }
    steps, after = what_follows(bills, 0)
    assert steps == [
        Step(OverpaymentKind.SET_OFF, "A", 25_00, "C"),
        Step(OverpaymentKind.SET_OFF, "A", 15_00, "D"),
        Step(OverpaymentKind.SET_OFF, "B", 20_00, "D"),
    ]
    assert after["B"].receivable == 10_00


def test_ten_yuan_are_waived_and_a_fen_more_is_asked_for() -> None:
    steps, after = what_follows({"A": Bill(receivable=6_00), "B": Bill(payable=-4_00)}, SMALL)
    assert [one.kind for one in steps] == [OverpaymentKind.FOUND, OverpaymentKind.WAIVED, OverpaymentKind.WAIVED]
    assert after == {"A": Bill(waived=6_00), "B": Bill(waived=4_00)}
    steps, after = what_follows({"A": Bill(receivable=6_01), "B": Bill(payable=-4_00)}, SMALL)
    assert [one.kind for one in steps] == [OverpaymentKind.FOUND]
    assert after == {"A": Bill(receivable=6_01), "B": Bill(receivable=4_00)}


def test_only_what_is_left_of_ten_yuan_is_waived_by_rule() -> None:
    steps, _after = what_follows({"A": Bill(receivable=4_00, waived=6_00)}, SMALL - 6_00)
    assert steps == [Step(OverpaymentKind.WAIVED, "A", 4_00, by_rule=True)]
    assert what_follows({"A": Bill(receivable=4_01, waived=6_00)}, SMALL - 6_00)[0] == []
    assert what_follows({"A": Bill(receivable=1)}, 0)[0] == []
    assert what_follows({"A": Bill(receivable=1)}, -1)[0] == []


def test_of_a_waiver_only_what_is_due_beyond_the_open_debt_is_taken_back() -> None:
    _steps, after = what_follows({"A": Bill(payable=100_00, receivable=50_00, waived=80_00)}, SMALL)
    assert after == {"A": Bill(waived=30_00)}
