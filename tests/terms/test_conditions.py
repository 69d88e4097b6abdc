"""What two conditions say to each other, and which alternative a member and bill get."""

from __future__ import annotations

import pytest

from huimin.terms.conditions import When


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (When(claim_free_years_from=3), When(claim_free_years_from=2)),
        (When(pre_existing=True, first_enrolment=True), When(pre_existing=True)),
        (When(first_enrolment=True), When()),
        (When(edition="plus"), When(edition=("plus", "basic"))),
        (When(age_from=60, age_to=70), When(age_from=60)),
        (When(continuous_years_from=2), When(first_enrolment=False)),
    ],
)
def test_one_is_narrower_and_not_the_other_way_round(one: When, other: When) -> None:
    assert one.narrows(other)
    assert not other.narrows(one)
    assert one.can_hold_with(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (When(pre_existing=True), When(pre_existing=False)),
        (When(age_to=17), When(age_from=18)),
        (When(first_enrolment=True), When(continuous_years_from=1)),
        (When(edition="plus"), When(edition="basic")),
        (When(place="local"), When(place=("referred", "elsewhere"))),
    ],
)
def test_these_never_hold_together(one: When, other: When) -> None:
    assert not one.can_hold_with(other)
    assert not one.narrows(other)


def test_a_member_may_have_diseases_of_two_groups_at_once() -> None:
    assert When(disease="cancer").can_hold_with(When(disease="stroke"))


def test_somebody_of_seventeen_is_both_up_to_seventeen_and_from_seventeen_on() -> None:
    assert When(age_to=17).can_hold_with(When(age_from=17))


def test_what_nobody_can_meet_is_known_as_such() -> None:
    assert not When(age_from=60, age_to=59).is_possible
    assert When(age_from=60, age_to=60).is_possible
    assert not When(first_enrolment=True, continuous_years_from=1).is_possible
