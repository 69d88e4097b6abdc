"""Continuous and claim-free years: what earlier years mean for one that begins."""

from __future__ import annotations

from datetime import date, timedelta

from huimin.adjudication import InsuredYear, carried_over

BEGINS = date(2024, 1, 1)


def year(number: int, *, without_claim: bool = True, last_day: date | None = None) -> InsuredYear:
    return InsuredYear(date(number, 1, 1), last_day or date(number, 12, 31), without_claim)


def counts(*years: InsuredYear, begins: date = BEGINS, undated: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    found = carried_over(years, begins, undated)
    return found.continuous_years, found.claim_free_years


def test_years_that_follow_on_each_other_count_whatever_their_order() -> None:
    assert counts(year(2022), year(2023), year(2021)) == (3, 3)
    assert counts(year(2023), year(2021), year(2022)) == (3, 3)


def test_a_gap_of_one_day_ends_the_count_and_no_gap_does_not() -> None:
    assert counts(year(2022), year(2023, last_day=date(2023, 12, 31))) == (2, 2)
    assert counts(year(2022), year(2023, last_day=date(2023, 12, 30))) == (0, 0)
    assert counts(year(2021), year(2022, last_day=date(2022, 12, 30)), year(2023)) == (1, 1)


def test_whoever_begins_later_has_a_gap() -> None:
    assert counts(year(2023), begins=BEGINS) == (1, 1)
    assert counts(year(2023), begins=BEGINS + timedelta(days=1)) == (0, 0)


def test_a_claim_ends_the_claim_free_years_and_not_the_continuous_ones() -> None:
    assert counts(year(2021), year(2022, without_claim=False), year(2023)) == (3, 1)
    assert counts(year(2022), year(2023, without_claim=False)) == (2, 0)


def test_a_year_that_has_not_ended_before_the_new_one_begins_is_left_out() -> None:
    assert counts(year(2023), year(2024)) == (1, 1)
    assert counts(year(2023), year(2023)) == (1, 1)


def test_years_of_which_only_the_number_is_known_lie_before_the_others() -> None:
    assert counts(undated=(3, 2)) == (3, 2)
    assert counts(year(2023), undated=(3, 2)) == (4, 3)
    assert counts(year(2023, without_claim=False), undated=(3, 2)) == (4, 0)
    assert counts(year(2022), undated=(3, 2)) == (0, 0)


def test_it_names_the_years_that_counted() -> None:
    found = carried_over([year(2019), year(2022), year(2023)], BEGINS)
    assert found.counted == (year(2023), year(2022))
