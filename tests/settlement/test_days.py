"""Days and moments: what is unambiguous is read, the city's local day counts, everything else is refused."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.conf import settings

from huimin.errors import InputError
from huimin.settlement.days import CITY_ZONE_NAME, parse_day, parse_time
from huimin.settlement.reading import member_from_row, settlement_from_row

AFTERNOON = datetime(2022, 3, 1, 14, 5)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-03-01", datetime(2022, 3, 1)),
        ("2022-03-01 14:05:00", AFTERNOON),
        ("2022-03-01T14:05:00", AFTERNOON),
        ("2022-03-01 14:05", AFTERNOON),
        ("2022/3/1", datetime(2022, 3, 1)),
        ("2022/03/01 14:05:00", AFTERNOON),
        ("2022-03-01 14:05:00.0", AFTERNOON),
        ("2022-03-01 14:05:00.123456789", AFTERNOON),
        ("2022-03-01T06:05:00Z", AFTERNOON),
        ("2022-03-01T14:05:00+08:00", AFTERNOON),
        ("2022-03-01 14:05:00+0800", AFTERNOON),
        ("2022-02-28 20:05:00-10:00", AFTERNOON),
    ],
)
def test_a_time_whose_meaning_is_plain_is_read(text: str, moment: datetime) -> None:
    assert parse_time(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2022-03-01 14+08:00",
        "2022-W10-1",
        "20220301",
        "20220301 140500.123",
        "2022-02-30",
        "2022-02-30 10:00:00",
        "2022-03-01 24:00:01",
        "2022-03-01 14:60:00",
        "2022-03-01 14:05:00+99:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:00:00-10:00",
        "1/3/2022",
        "2022-03/01",
        "22-03-01",
        "2022年3月1日",
        "２０２２-03-01",
        "2022-03-01\x00",
        "2022-03-01+08:00",
        " 2022-03-01",
        "44621",
        "9" * 5000,
        "2022-03-01 14:05:00." + "1" * 5000,
    ],
)
def test_every_other_time_is_refused_with_what_was_found_and_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"found .*expected a time such as 2022-03-01") as refused:
        parse_time(text)
    assert len(refused.value.message) < 250


@pytest.mark.parametrize("text", ["2022-03-01 14+08:00", "2022-W10-1", "20220301 140500.123", "2022-02-30", "9" * 5000])
@pytest.mark.parametrize("column", ["setl_time", "begndate", "enddate"])
def test_a_bill_with_such_a_time_is_refused_and_never_ends_the_job(column: str, text: str) -> None:
    fault = settlement_from_row({"setl_id": "S1", "psn_no": "P1", "setl_time": "2022-03-01", column: text}).fault
    assert fault is not None
    assert (fault.code, fault.reason.split(":")[0]) == ("bad_date", column)


def test_a_moment_of_another_zone_is_of_the_citys_local_day() -> None:
    """Two in the morning of New Year's Day is six in the evening of the day before in Greenwich."""
    assert parse_time("2021-12-31T18:00:00Z") == datetime(2022, 1, 1, 2)
    assert parse_time("2021-12-31T15:59:59Z").date() == date(2021, 12, 31)
    assert parse_time("2021-12-31T16:00:00Z").date() == date(2022, 1, 1)


def test_summers_in_which_clocks_were_put_forward_keep_their_days() -> None:
    """From 1986 to 1991 the whole country was an hour ahead: birth dates of those summers are days, too."""
    assert parse_day("1988-06-01T00:00:00+09:00") == date(1988, 6, 1)


@pytest.mark.parametrize(
    "text", ["2022-01-01", "2022-01-01 00:00:00", "2022-01-01T00:00:00", "2022/1/1", "2022-01-01 00:00:00.000"]
)
def test_a_day_is_read_with_the_midnight_that_databases_write_behind_it(text: str) -> None:
    assert parse_day(text) == date(2022, 1, 1)


@pytest.mark.parametrize("text", ["2022-01-01 00:00:01", "2022-12-31 23:59:59", "2022-02-29", "20220101", ""])
def test_a_day_with_a_time_of_day_or_of_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected a day such as 2022-03-01"):
        parse_day(text)


def test_files_and_pages_have_their_days_in_one_zone() -> None:
    assert settings.TIME_ZONE == CITY_ZONE_NAME


BILL = {"setl_id": "S1", "psn_no": "P1", "setl_time": "2022-03-01"}
MEMBER = {"psn_no": "P1", "cover_from": "2022-01-01", "cover_to": "2022-12-31"}


def test_what_loses_nothing_is_read() -> None:
    """Zeros behind the fen, a separator behind the last code, years as decimals, days as databases write them."""
    bill = settlement_from_row(BILL | {"psn_part_amt": "30000.0000", "diag_codes": "C34.900;I10;", "items": "A=1.00;"})
    assert bill.fault is None
    assert bill.amounts == {"psn_part_amt": 30_000_00}
    assert bill.care.diagnoses == ("C34.900", "I10")
    assert [item.code for item in bill.care.items or ()] == ["A"]
    member = member_from_row(
        MEMBER
        | {"cover_from": "2022-01-01 00:00:00", "continuous_years": "1.0", "claim_free_years": "02"}
        | {"diag_history": "I10@2021-03-02;", "paid_before": "proton=10.000;"}
    )
    assert (member.cover_from, member.continuous_years, member.claim_free_years) == (date(2022, 1, 1), 1, 2)
    assert member.diagnosed == (("I10", date(2021, 3, 2)),)
    assert member.paid_before == (("proton", 10_00),)


@pytest.mark.parametrize("text", ["1.5", "-1", "+1", "1000", "1" * 5000, "1.", "1e0"])
def test_years_that_are_no_whole_number_of_years_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected a number of years"):
        member_from_row(MEMBER | {"continuous_years": text})


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("diag_codes", ";", "bad_care"),
        ("items", ";;", "bad_care"),
        ("psn_part_amt", "30000.001", "bad_amount"),
        ("items", "A=1.00@2022-W10-1", "bad_care"),
    ],
)
def test_what_says_nothing_or_loses_something_is_refused(column: str, text: str, code: str) -> None:
    fault = settlement_from_row(BILL | {column: text}).fault
    assert fault is not None
    assert fault.code == code
