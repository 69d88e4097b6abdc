"""What comes back of a premium: the whole before cover begins, by the terms after it."""

from __future__ import annotations

from datetime import date

import pytest

from huimin.adjudication import premium_back, premium_back_on_death
from huimin.errors import InputError, PlanFaults
from huimin.terms import Plan, find_plan, load_plan_text, summarise
from small_plan import BENEFIT, HEAD, SOURCES, TIERS

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
DAYS_LEFT = (
    'withdrawal = { cooling_off_days = 15, after = "days_left", keeps_percent = "35", on_death = "days_left", '
    'source = "clauses" }\n'
)
NOT_POSSIBLE = 'withdrawal = { after = "not_possible", on_death = "nothing", source = "clauses" }\n'
UNKNOWN = 'withdrawal = { unknown = "No source says it.", source = "clauses" }\n'


def plan(withdrawal: str = "") -> Plan:
    return load_plan_text(HEAD + withdrawal + BENEFIT + TIERS, SOURCES).plan


def back(
    terms: str, day: date, *, price: int = 158_00, issued_on: date = date(2023, 12, 1), bills: int = 0, paid: int = 0
) -> tuple[int, date, str]:
    found = premium_back(plan(terms), price=price, cover=YEAR, issued_on=issued_on, day=day, bills=bills, paid=paid)
    return found.fen, found.ends_on, found.rule


def refused(terms: str, day: date, **more: int) -> str:
    with pytest.raises(InputError) as error:
        back(terms, day, **more)  # type: ignore[arg-type]
    return error.value.code


@pytest.mark.parametrize("terms", ["", UNKNOWN, NOT_POSSIBLE, DAYS_LEFT])
def test_until_the_day_before_cover_begins_the_whole_comes_back_whatever_the_terms_say(terms: str) -> None:
    assert back(terms, date(2023, 12, 31)) == (158_00, YEAR[0], "before_cover")


def test_from_the_first_day_of_cover_on_nothing_comes_back_where_the_terms_say_nothing() -> None:
    assert refused("", YEAR[0]) == "withdrawal_not_in_terms"
    assert refused(UNKNOWN, YEAR[0]) == "withdrawal_not_in_terms"
    assert refused(NOT_POSSIBLE, YEAR[0]) == "withdrawal_not_possible"


def test_within_the_cooling_off_days_the_whole_comes_back_unless_a_bill_has_come() -> None:
    issued = date(2024, 1, 1)
    assert back(DAYS_LEFT, date(2024, 1, 16), issued_on=issued) == (158_00, YEAR[0], "cooling_off")
    assert back(DAYS_LEFT, date(2024, 1, 17), issued_on=issued)[2] == "days_left"
    with pytest.raises(InputError) as error:
        back(DAYS_LEFT, date(2024, 1, 16), issued_on=issued, bills=1)
    assert error.value.code == "claims_on_policy"


def test_later_the_days_that_are_left_come_back_less_what_is_kept_to_the_fen() -> None:
    # Given up on 30 June: 184 of 366 days are left, and 65 % of their premium: 158.00 × 184/366 × 0.65 = 51.6306…
    assert back(DAYS_LEFT, date(2024, 6, 30)) == (51_63, date(2024, 7, 1), "days_left")
    assert back(DAYS_LEFT, date(2024, 6, 30), bills=3) == (51_63, date(2024, 7, 1), "days_left")
    assert refused(DAYS_LEFT, date(2024, 6, 30), paid=1) == "claims_on_policy"


def test_on_the_last_day_of_cover_there_is_nothing_to_give_up() -> None:
    assert back(DAYS_LEFT, date(2024, 12, 30))[1] == date(2024, 12, 31)
    assert refused(DAYS_LEFT, date(2024, 12, 31)) == "cover_over"


def test_on_death_the_whole_comes_back_before_cover_and_by_the_terms_after() -> None:
    def on(terms: str, day: date, paid: int = 0) -> tuple[int, str]:
        found = premium_back_on_death(plan(terms), price=158_00, cover=YEAR, died_on=day, paid=paid)
        return found.fen, found.rule

    assert on("", date(2023, 12, 31)) == (158_00, "before_cover")
    assert on(NOT_POSSIBLE, date(2024, 1, 1)) == (0, "nothing")
    assert on(DAYS_LEFT, date(2024, 6, 30)) == (51_63, "days_left")
    assert on(DAYS_LEFT, date(2024, 6, 30), paid=1) == (0, "nothing")
    assert on(DAYS_LEFT, date(2024, 12, 31)) == (0, "nothing")
    with pytest.raises(InputError) as error:
        on("", date(2024, 1, 1))
    assert error.value.code == "withdrawal_not_in_terms"


def test_the_words_say_it_in_both_languages() -> None:
    english, chinese = (summarise(plan(DAYS_LEFT), language).frame.joining for language in ("en", "zh"))
    assert english == (
        "Given up before cover begins, the whole premium comes back",
        "For 15 days after it was issued the whole comes back, if nothing was claimed",
        "Given up later, the premium of the days that are left comes back, less 35% of it",
        "On the insured's death cover ends and the premium of the days that are left comes back, less 35% of it",
    )
    assert chinese[2] == "保障生效后退保，按剩余天数退还保费，扣除其中的35%"
    assert summarise(plan(UNKNOWN), "zh").frame.joining[1] == "保障生效后能否退保，以保险合同为准"
    assert summarise(plan(), "zh").frame.joining == ()
    shanghai = summarise(find_plan("shanghai/huhuibao/2022").plan, "zh").frame.joining
    assert shanghai == ("保障生效前可全额退保", "保障生效后不能退保")


@pytest.mark.parametrize(
    ("terms", "place"),
    [
        ('withdrawal = { source = "clauses" }\n', "withdrawal"),
        ('withdrawal = { after = "not_possible", unknown = "x", source = "clauses" }\n', "withdrawal"),
        (
            'withdrawal = { after = "not_possible", keeps_percent = "35", source = "clauses" }\n',
            "withdrawal.keeps_percent",
        ),
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_a_fault(terms: str, place: str) -> None:
    with pytest.raises(PlanFaults) as error:
        plan(terms)
    assert [fault.place for fault in error.value.faults] == [place]
