"""A company's day beside our receipts: each kind of difference, and none where both say the same."""

from __future__ import annotations

import pytest

from company_files import DAY, company_file, paid_line, refund_line
from huimin.platform.payments.reconciliation.company import company_day
from huimin.platform.payments.reconciliation.comparing import (
    Comparison,
    Difference,
    DifferenceKind,
    OurReceipt,
    compare,
)

OURS = OurReceipt("T1", "RT1", 158_00)


def compared(*lines: str, ours: tuple[OurReceipt, ...] = (OURS,), of_the_day: tuple[str, ...] = ("T1",)) -> Comparison:
    rows = company_day(company_file(*lines), DAY).lines
    return compare(rows, {one.transaction: one for one in ours}, of_the_day)


def test_what_both_have_agrees() -> None:
    assert compared(paid_line("T1")) == Comparison(1, 158_00, ())


def test_a_receipt_of_another_day_that_the_file_has_agrees_too() -> None:
    assert compared(paid_line("T1"), of_the_day=()) == Comparison(1, 158_00, ())


@pytest.mark.parametrize(
    ("lines", "ours", "expected"),
    [
        (["T1"], (), [Difference(DifferenceKind.MISSING_WITH_US, "T1", "RT1", 158_00, None)]),
        ([], (OURS,), [Difference(DifferenceKind.MISSING_WITH_THEM, "T1", "RT1", None, 158_00)]),
        (
            ["T1"],
            (OurReceipt("T1", "RT1", 157_99),),
            [Difference(DifferenceKind.OTHER_AMOUNT, "T1", "RT1", 158_00, 157_99)],
        ),
        (
            ["T1"],
            (OurReceipt("T1", "other", 158_00),),
            [Difference(DifferenceKind.OTHER_AMOUNT, "T1", "RT1", 158_00, 158_00)],
        ),
        (["T1", "T1"], (OURS,), [Difference(DifferenceKind.TWICE, "T1", "RT1", 316_00, 158_00)]),
    ],
)
def test_each_difference_is_told_with_both_amounts(
    lines: list[str], ours: tuple[OurReceipt, ...], expected: list[Difference]
) -> None:
    of_the_day = tuple(one.transaction for one in ours)
    assert list(compared(*map(paid_line, lines), ours=ours, of_the_day=of_the_day).differences) == expected


def test_what_the_file_has_twice_and_we_have_not_is_two_differences() -> None:
    found = compared(paid_line("T1"), paid_line("T1"), ours=(), of_the_day=())
    assert [one.kind for one in found.differences] == [DifferenceKind.TWICE, DifferenceKind.MISSING_WITH_US]


def test_a_refund_is_no_payment() -> None:
    assert compared(paid_line("T1"), refund_line("T1", "158.00")) == Comparison(1, 158_00, ())
