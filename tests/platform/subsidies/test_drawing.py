"""Reserving, drawing, giving back: a fund's money is somewhere at every moment, and nowhere twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.platform.people.models import Resident
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.drawing import Wanted, let_go, reserve, return_to_funds, secure, use
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.models import Draw
from huimin.platform.subsidies.selectors import left_in_funds
from huimin.platform.subsidies.sharing import Priced, Share, shares_of
from huimin.platform.subsidies.verification import drawn_by_claim, faults_of_funds
from subsidies_support import a_fund, draws, long_ago, on_roster, uncovered

DAY = date(2022, 2, 15)
PRICE = 99_00


def left(city: City) -> list[int]:
    return [fen for _fund, fen in sorted(left_in_funds(city).items())]


def shares(city: City, people: Sequence[Resident], price: int = PRICE) -> dict[int, Share]:
    year = a_year(city)
    return shares_of(city, year, [Priced(person.pk, price, {}) for person in people], DAY)


def a_year(city: City) -> int:
    from huimin.platform.catalogue.selectors import plan_on_sale

    year = plan_on_sale(city)
    assert year is not None
    return year.id


def ask(city: City, *people: Resident, price: int = PRICE) -> list[str]:
    """What an order for these people does. Returns its references."""
    found = shares(city, people, price)
    with transaction.atomic():
        return reserve(
            city,
            [
                Wanted(fund, resident, share.entries[fund], fen)
                for resident, share in found.items()
                for fund, fen in share.parts.draws.items()
            ],
        )


def pay(city: City, references: list[str]) -> bool:
    """What a paid order does: whether every fund pays."""
    with transaction.atomic():
        secured = secure(city, references)
        use(city, sorted(secured), timezone.now())
    return secured == set(references)


def give_back(city: City, references: list[str]) -> int:
    """What a cancelled policy does. Returns the fen that went back."""
    with transaction.atomic():
        return sum(one.fen for one in return_to_funds(city, references, "declined", timezone.now()))


def test_a_person_on_the_roster_pays_what_the_fund_leaves_them(city: City) -> None:
    a_fund(city, money=1_000_00)
    first, second = uncovered(city, 2)
    on_roster(city, [first])
    found = shares(city, [first, second])
    assert found[first.pk].parts.paid_by == {"fund:hope": 98_99}
    assert found[second.pk].parts.paid_by == {}


def test_a_city_without_funds_is_asked_nothing(city: City, django_assert_num_queries: object) -> None:
    people = uncovered(city, 1)
    shares(city, people)  # that there are none is remembered for two seconds
    year = a_year(city)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert shares_of(city, year, [Priced(people[0].pk, PRICE, {})], DAY) == {}


@pytest.mark.parametrize(("day", "on"), [(date(2022, 2, 14), False), (DAY, True), (date(2022, 2, 16), False)])
def test_an_entry_counts_from_its_first_to_its_last_day(city: City, day: date, on: bool) -> None:
    a_fund(city, money=1_000_00)
    people = uncovered(city, 1)
    on_roster(city, people, valid=(day, day))
    assert bool(shares(city, people)[people[0].pk].parts.draws) is on


def test_only_the_version_in_force_counts(city: City) -> None:
    a_fund(city, money=1_000_00)
    first, second = uncovered(city, 2)
    on_roster(city, [first])
    on_roster(city, [second])
    found = shares(city, [first, second])
    assert (found[first.pk].parts.draws, found[second.pk].parts.draws) == ({}, {"hope": 98_99})


def test_the_price_that_is_shown_never_promises_the_same_money_to_two_people_of_one_order(city: City) -> None:
    a_fund(city, money=98_99 + 98_98)
    people = uncovered(city, 2)
    on_roster(city, people)
    found = shares(city, people)
    assert [found[person.pk].parts.draws for person in people] == [{"hope": 98_99}, {}]


def test_what_is_reserved_is_no_longer_left_and_what_is_drawn_stays_gone(city: City) -> None:
    a_fund(city, money=100_00)
    (person,) = people = uncovered(city, 1)
    on_roster(city, people)
    references = ask(city, person)
    assert (left(city), draws(city)) == ([1_01], [("hope", 98_99, "reserved")])
    assert pay(city, references)
    assert (left(city), draws(city)) == ([1_01], [("hope", 98_99, "committed")])
    assert drawn_by_claim(city) == {references[0]: ("hope", 98_99)}
    assert faults_of_funds(city) == []


def test_a_person_who_asks_again_uses_what_is_set_aside_for_them(city: City) -> None:
    """The fund has money for one person: whoever has it reserved is still shown that it pays."""
    a_fund(city, money=98_99)
    (person,) = people = uncovered(city, 1)
    on_roster(city, people)
    for _ in range(3):
        ask(city, person)
    assert (left(city), draws(city)) == ([0], [("hope", 98_99, "reserved")])


def test_another_price_takes_the_place_of_what_was_set_aside(city: City) -> None:
    a_fund(city, money=200_00)
    (person,) = people = uncovered(city, 1)
    on_roster(city, people)
    ask(city, person)
    ask(city, person, price=150_00)
    assert sorted(draws(city)) == [("hope", 98_99, "released"), ("hope", 149_99, "reserved")]
    assert left(city) == [50_01]
    ask(city, person, price=10_00)
    assert left(city) == [190_01]
    assert faults_of_funds(city) == []


def test_a_fund_that_was_used_up_meanwhile_says_so_and_sets_nothing_aside(city: City) -> None:
    a_fund(city, money=98_99)
    first, second = people = uncovered(city, 2)
    on_roster(city, people)
    found = shares(city, [second])[second.pk]
    ask(city, first)
    with pytest.raises(SubsidyError, match="used up") as refused, transaction.atomic():
        reserve(city, [Wanted("hope", second.pk, found.entries["hope"], 98_99)])
    assert refused.value.code == "fund_used_up"
    assert draws(city) == [("hope", 98_99, "reserved")]


def test_the_parts_of_a_fund_together_pay_what_no_single_one_could(city: City) -> None:
    """80.00 lie in eight parts of 10.00; somebody needs 50.00."""
    a_fund(city, money=80_00, amounts={"": PerPerson(fen=50_00)})
    first, second = people = uncovered(city, 2)
    on_roster(city, people)
    ask(city, first)
    assert left(city) == [30_00]
    assert shares(city, [second])[second.pk].parts.short == ("hope",)


def test_what_nobody_paid_in_time_is_given_to_who_needs_it_and_not_before(city: City) -> None:
    a_fund(city, money=98_99)
    first, second = people = uncovered(city, 2)
    on_roster(city, people)
    late = ask(city, first)
    entry = Draw.objects.of(city).get().entry_id
    with pytest.raises(SubsidyError, match="used up"), transaction.atomic():
        reserve(city, [Wanted("hope", second.pk, entry, 98_99)])
    Draw.objects.of(city).update(expires_at=long_ago())
    with transaction.atomic():
        references = reserve(city, [Wanted("hope", second.pk, entry, 98_99)])
    assert sorted(draws(city)) == [("hope", 98_99, "released"), ("hope", 98_99, "reserved")]
    assert not pay(city, late), "their money is gone: they get none"
    assert pay(city, references)
    assert (left(city), faults_of_funds(city)) == ([0], [])


def test_a_payment_that_came_late_still_draws_where_the_fund_has_the_money(city: City) -> None:
    a_fund(city, money=500_00)
    (person,) = people = uncovered(city, 1)
    on_roster(city, people)
    references = ask(city, person)
    let_go(city, references, timezone.now())
    assert left(city) == [500_00]
    assert pay(city, references)
    assert draws(city) == [("hope", 98_99, "committed")]
    assert (left(city), faults_of_funds(city)) == ([401_01], [])


def test_whichever_order_of_a_person_is_paid_first_has_the_money_and_the_other_gets_none(city: City) -> None:
    a_fund(city, money=500_00)
    (person,) = people = uncovered(city, 1)
    on_roster(city, people)
    first, second = ask(city, person), ask(city, person)
    assert first != second
    assert pay(city, first)
    assert not pay(city, second)
    let_go(city, second, timezone.now())
    assert shares(city, people)[person.pk].parts.draws == {}
    assert draws(city) == [("hope", 98_99, "committed")]
    assert list(drawn_by_claim(city)) == first


def test_an_order_that_fails_lets_nothing_go_on_which_a_later_one_relies(city: City) -> None:
    a_fund(city, money=500_00)
    (person,) = people = uncovered(city, 1)
    on_roster(city, people)
    first, second = ask(city, person), ask(city, person)
    let_go(city, first, timezone.now())
    assert draws(city) == [("hope", 98_99, "reserved")]
    let_go(city, second, timezone.now())
    assert draws(city) == [("hope", 98_99, "released")]
    assert (left(city), faults_of_funds(city)) == ([500_00], [])


def test_what_was_not_secured_is_never_used(city: City) -> None:
    a_fund(city, money=98_99)
    (person,) = people = uncovered(city, 1)
    on_roster(city, people)
    references = ask(city, person)
    let_go(city, references, timezone.now())
    with pytest.raises(SubsidyError) as refused, transaction.atomic():
        use(city, references, timezone.now())
    assert refused.value.code == "not_secured"


def test_two_funds_pay_for_one_person_in_their_order_of_use(city: City) -> None:
    a_fund(city, "hope", money=60_00, amounts={"": PerPerson(fen=60_00)})
    a_fund(city, "city", order=2, money=500_00)
    (person,) = people = uncovered(city, 1)
    on_roster(city, people)
    assert pay(city, ask(city, person))
    assert left(city) == [0, 461_01]
    assert sorted(draws(city)) == [("city", 38_99, "committed"), ("hope", 60_00, "committed")]


def test_what_goes_back_to_a_fund_can_be_drawn_again_and_goes_back_once(city: City) -> None:
    a_fund(city, money=98_99)
    first, second = people = uncovered(city, 2)
    on_roster(city, people)
    references = ask(city, first)
    pay(city, references)
    assert [give_back(city, references), give_back(city, references)] == [98_99, 0]
    assert (left(city), draws(city)) == ([98_99], [("hope", 98_99, "returned")])
    assert pay(city, ask(city, second))
    assert faults_of_funds(city) == []


def test_nothing_goes_back_for_an_order_that_did_not_use_the_money(city: City) -> None:
    a_fund(city, money=500_00)
    (person,) = people = uncovered(city, 1)
    on_roster(city, people)
    first, second = ask(city, person), ask(city, person)
    pay(city, first)
    assert give_back(city, second) == 0
    assert draws(city) == [("hope", 98_99, "committed")]
