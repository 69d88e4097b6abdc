"""The daily file of a payment company: read to the fen, and refused with everything that is wrong with it."""

from __future__ import annotations

from datetime import datetime

import pytest

from company_files import DAY, HEAD, TOTALS, company_file, paid_line, refund_line
from huimin.platform.payments.file_faults import FileFault, FileFaults
from huimin.platform.payments.reconciliation import day_file as module
from huimin.platform.payments.reconciliation.company_file import CompanyRow, RowKind, read_company_file
from huimin.platform.payments.reconciliation.day_file import fields_of

LINE = paid_line("T1")


def faults(content: str) -> list[tuple[str, str]]:
    with pytest.raises(FileFaults) as refused:
        read_company_file(content, DAY)
    return [(one.kind, one.place) for one in refused.value.faults]


def changed(place: int, text: str, line: str = LINE) -> str:
    """A file of one line, one field of which says something else; the totals are those of the right line."""
    fields = line.split(",")
    fields[place] = text
    return company_file(",".join(fields), totals="`1,`158.00,`0.00,`0.32")


def test_a_file_is_read_with_its_payments_refunds_and_sums_in_fen() -> None:
    found = read_company_file(company_file(LINE, paid_line("T2", "0.01"), refund_line("T1", "58.00")), DAY)
    assert (found.paid, found.refunded, found.fees) == (158_01, 58_00, 64)
    assert found.rows[0] == CompanyRow(2, datetime(2022, 2, 14, 9, 30), "RT1", "T1", RowKind.PAID, 158_00, 32)
    assert (found.rows[2].kind, found.rows[2].amount, found.rows[2].refund) == (RowKind.REFUNDED, 58_00, "F1")


def test_a_day_without_payments_has_a_file_too() -> None:
    found = read_company_file(company_file(), DAY)
    assert (found.rows, found.paid) == ((), 0)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + company_file(LINE),
        company_file(LINE).replace("\r\n", "\n"),
        company_file(LINE).replace("`", ""),
        company_file(LINE) + "\r\n\r\n",
        company_file(LINE).replace("`158.00", '"158.00"', 1),
    ],
)
def test_marks_that_programs_leave_in_files_change_nothing(content: str) -> None:
    assert read_company_file(content, DAY).paid == 158_00


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", [("empty_file", "")]),
        ("\r\n \r\n", [("empty_file", "")]),
        (HEAD, [("totals_missing", "")]),
        ("<html>502 Bad Gateway</html>", [("column_changed", "1"), ("totals_missing", "")]),
        (company_file(LINE).replace("订单金额", "金额", 1), [("column_changed", "1")]),
        (company_file(LINE).replace("商户订单号,支付订单号", "支付订单号,商户订单号"), [("column_changed", "1")]),
        ("\r\n".join([HEAD, LINE]), [("totals_missing", "")]),
        ("\r\n".join([HEAD, LINE, TOTALS]), [("totals_missing", "")]),
        (company_file(LINE).replace("退款总金额", "退款合计"), [("totals_changed", "3")]),
        (company_file(LINE, totals="`2,`158.00,`0.00,`0.32"), [("count_differs", "4")]),
        (company_file(LINE, totals="`1,`158.01,`0.00,`0.32"), [("total_differs", "4")]),
        (company_file(LINE, totals="`1,`158.00,`0.01,`0.32"), [("total_differs", "4")]),
        (company_file(LINE, totals="`1,`158.00,`0.00,`0.33"), [("total_differs", "4")]),
        (company_file(LINE, totals="`1,`158,`0.00,`0.32,`"), [("fields_missing", "4")]),
        (company_file(LINE, totals="`一,`158.00,`0.00,`0.32"), [("bad_count", "4")]),
        (company_file(LINE, totals="`1,`158.00元,`0.00,`0.32"), [("bad_amount", "4")]),
        (company_file(LINE) + LINE, [("after_the_totals", "5")]),
        (company_file(LINE + ",`more", totals="`1,`158.00,`0.00,`0.32"), [("fields_missing", "2")]),
        (company_file("", LINE, totals="`1,`158.00,`0.00,`0.32"), [("fields_missing", "2")]),
        (changed(0, "`14/02/2022 09:30"), [("bad_time", "2")]),
        (changed(0, "`2022-02-30 09:30:00"), [("bad_time", "2")]),
        (changed(0, "`2022-02-13 23:59:59"), [("other_day", "2")]),
        (changed(1, "`"), [("bad_number", "2")]),
        (changed(1, "`订单一"), [("bad_number", "2")]),
        (changed(2, "`T 1"), [("bad_number", "2")]),
        (changed(2, "`" + "T" * 81), [("bad_number", "2")]),
        (changed(2, "`\0"), [("fields_missing", "2")]),
        (changed(3, "`支付成功"), [("unknown_status", "2")]),
        (changed(4, "`158.001"), [("bad_amount", "2")]),
        (changed(4, "`1.58E2"), [("bad_amount", "2")]),
        (changed(4, "`"), [("bad_amount", "2")]),
        (changed(4, "`=79+79"), [("bad_amount", "2")]),
        (changed(4, "`0.00"), [("not_above_zero", "2")]),
        (changed(4, "`-158.00"), [("not_above_zero", "2")]),
        (changed(5, "`F1"), [("payment_with_refund", "2")]),
        (changed(6, "`1.00"), [("payment_with_refund", "2")]),
        (changed(7, "`-0.32"), [("negative_fee", "2")]),
        (changed(7, "`-0.01"), [("negative_fee", "2")]),
        (changed(7, "`免"), [("bad_amount", "2")]),
        (changed(5, "`", refund_line("T1", "58.00")), [("refund_without_number", "2")]),
        (changed(6, "`0.00", refund_line("T1", "58.00")), [("not_above_zero", "2")]),
        (company_file("x" * 3_000, totals="`1,`158.00,`0.00,`0.32"), [("fields_missing", "2")]),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_where_it_is_wrong(
    content: str, expected: list[tuple[str, str]]
) -> None:
    assert faults(content) == expected


def test_everything_that_is_wrong_is_told_at_once() -> None:
    content = company_file(
        paid_line("T 1", reference="R1"), LINE.replace("SUCCESS", "OK"), totals="`3,`0.00,`0.00,`0.00"
    )
    assert faults(content + "more") == [("bad_number", "2"), ("unknown_status", "3"), ("after_the_totals", "6")]


def said(content: str) -> list[tuple[str, str, str]]:
    """Kind, what was found and what was expected, of each fault."""
    with pytest.raises(FileFaults) as refused:
        read_company_file(content, DAY)
    return [(one.kind, one.found, one.expected) for one in refused.value.faults]


NUMBER = ("bad_number", "订单一", "1–80 ASCII")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (changed(0, "`2022-02-30 09:30:00"), ("bad_time", "2022-02-30 09:30:00", "2022-02-14 09:30:00")),
        (changed(0, "`2022-02-13 23:59:59"), ("other_day", "2022-02-13 23:59:59", "2022-02-14")),
        (changed(1, "`订单一"), NUMBER),
        (changed(3, "`OK"), ("unknown_status", "OK", "SUCCESS / REFUND")),
        (changed(4, "`1.58E2"), ("bad_amount", "1.58E2", "158.00")),
        (changed(4, "`-158.00"), ("not_above_zero", "-158.00", "0.01")),
        (changed(6, "`-0.01", refund_line("T1", "58.00")), ("not_above_zero", "-0.01", "0.01")),
        (changed(5, "`F1"), ("payment_with_refund", "F1", "")),
        (changed(6, "`1.00"), ("payment_with_refund", "1.00", "")),
        (changed(7, "`-0.32"), ("negative_fee", "-0.32", "0.00")),
        (company_file(LINE, totals="`2,`158.00,`0.00,`0.32"), ("count_differs", "2", "1")),
        (company_file(LINE, totals="`一,`158.00,`0.00,`0.32"), ("bad_count", "一", "1")),
        (company_file(LINE, totals="`1,`158.01,`0.00,`0.32"), ("total_differs", "158.01", "158.00")),
        (company_file(LINE, totals="`1,`158.00,`0.00,`x"), ("bad_amount", "x", "0.32")),
        (company_file(LINE, totals="`1,`158.00"), ("fields_missing", "2", "4")),
        (company_file("a,b", LINE, totals=""), ("fields_missing", "2", "8")),
        (HEAD, ("totals_missing", "", TOTALS)),
        (company_file(LINE).replace("订单金额", "金额", 1), ("column_changed", HEAD.replace("订单金额", "金额"), HEAD)),
        (company_file(LINE) + LINE, ("after_the_totals", LINE, "")),
    ],
)
def test_a_fault_says_what_was_found_and_what_was_expected(content: str, expected: tuple[str, str, str]) -> None:
    assert said(content)[0] == expected


def test_a_file_of_the_most_characters_is_read_and_one_more_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    content = company_file(LINE)
    monkeypatch.setattr(module, "_MOST_CHARACTERS", len(content))
    assert read_company_file(content, DAY).paid == 158_00
    assert said(content + "\n") == [("too_large", str(len(content) + 1), str(len(content)))]


def test_a_fault_is_told_in_a_line_with_its_place_and_sixty_characters_of_what_was_found() -> None:
    assert str(FileFault("bad_time")) == "bad_time, found ''"
    assert str(FileFault("bad_time", "A1", "x" * 60, "y")) == f"A1: bad_time, found '{'x' * 60}'; expected y"
    assert str(FileFault("bad_time", "A1", "x" * 61)) == f"A1: bad_time, found '{'x' * 60}'"
    faults = FileFaults([FileFault("bad_time", "A1"), FileFault("bad_time", "A2")])
    assert faults.values == {"count": "2"}
    assert str(faults) == "the file has 2 faults:\n  A1: bad_time, found ''\n  A2: bad_time, found ''"


def test_of_a_line_that_is_too_long_the_beginning_is_told() -> None:
    assert fields_of("x" * 2_000) == ["x" * 2_000]
    assert fields_of("y" * 2_001) == ["y" * 80]
    assert fields_of("`a,`b\0") == ["`a,`b\0"]
