"""A thousand people ask a fund at one moment: real threads, each with a connection of its own, on PostgreSQL."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.utils import timezone

from huimin.platform.demonstration.load import load_demonstration
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import writing_together
from huimin.platform.people.models import Resident
from huimin.platform.subsidies.drawing import Wanted, reserve, return_to_funds, secure, use
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.models import Draw, RosterEntry
from huimin.platform.subsidies.selectors import left_in_funds
from huimin.platform.subsidies.verification import faults_of_funds
from subsidies_support import a_fund, draws, on_roster, uncovered

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="nothing runs side by side on SQLite"),
]
FEN, ASKERS, THREADS = 98_99, 1_000, 16


@pytest.fixture
def city(transactional_db: None) -> City:
    load_demonstration(residents=80, orders=4, bills=2)
    return City.objects.get(code="demo")


def many(city: City, count: int) -> list[Resident]:
    """So many more people in the register."""
    like = uncovered(city, 1)[0]
    rows = Resident.objects.bulk_create(
        Resident(
            city=city,
            psn_no=f"X{number:08d}",
            name="林一",
            id_number=f"X{number}",
            id_index=f"{number:064d}",
            telephone="10000000000",
            birth_date=like.birth_date,
            sex=like.sex,
            area_id=like.area_id,
            insutype=like.insutype,
            household_id=like.household_id,
        )
        for number in range(count)
    )
    return list(rows)


def asked(city: City, people: Sequence[Resident]) -> list[bool]:
    """Whether each of these got money, all of them asking at once."""
    entries = dict(RosterEntry.objects.of(city).values_list("resident_id", "pk"))

    def ask(person: Resident) -> bool:
        try:
            with writing_together():
                reserve(city, [Wanted("hope", person.pk, entries[person.pk], FEN)])
        except SubsidyError as refused:
            assert refused.code == "fund_used_up"
            return False
        return True

    return at_once(ask, people)


def at_once(work: Callable[[Resident], bool], people: Sequence[Resident]) -> list[bool]:
    barrier = threading.Barrier(THREADS)

    def worker(number: int) -> list[bool]:
        barrier.wait(20)
        try:
            return [work(person) for person in people[number::THREADS]]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return [one for found in pool.map(worker, range(THREADS)) for one in found]


def test_a_fund_with_money_for_ten_gives_it_to_exactly_ten_of_a_thousand(city: City) -> None:
    a_fund(city, money=10 * FEN)
    people = many(city, ASKERS)
    on_roster(city, people)
    found = asked(city, people)
    assert (len(found), sum(found)) == (ASKERS, 10)
    assert Draw.objects.of(city).filter(status="reserved").count() == 10
    assert sum(left_in_funds(city).values()) == 0
    assert faults_of_funds(city) == []


def test_with_a_fen_too_little_for_ten_exactly_nine_get_it(city: City) -> None:
    a_fund(city, money=10 * FEN - 1)
    people = many(city, 100)
    on_roster(city, people)
    assert sum(asked(city, people)) == 9
    assert sum(left_in_funds(city).values()) == FEN - 1


def test_what_is_given_back_while_others_ask_is_given_out_again_and_never_twice(city: City) -> None:
    """Each of twenty policies is cancelled while eighty people ask: the sum of the fund is the same at the end."""
    a_fund(city, money=20 * FEN)
    people = many(city, 100)
    on_roster(city, people)
    holders, askers = people[:20], people[20:]
    assert sum(asked(city, holders)) == 20
    claims = dict(Draw.objects.of(city).values_list("resident_id", "claim"))
    for person in holders:
        with transaction.atomic():
            use(city, sorted(secure(city, [claims[person.pk]])), timezone.now())
    entries = dict(RosterEntry.objects.of(city).values_list("resident_id", "pk"))

    def work(person: Resident) -> bool:
        if person in holders:
            with transaction.atomic():
                return len(return_to_funds(city, [claims[person.pk]], "declined", timezone.now())) == 1
        try:
            with writing_together():
                reserve(city, [Wanted("hope", person.pk, entries[person.pk], FEN)])
        except SubsidyError:
            return False
        return True

    at_once(work, askers + holders)
    kept = [status for _fund, _fen, status in draws(city)]
    assert kept.count("returned") == 20
    assert kept.count("reserved") <= 20
    assert sum(left_in_funds(city).values()) == (20 - kept.count("reserved")) * FEN
    assert faults_of_funds(city) == []


def test_one_person_who_asks_sixteen_times_at_once_has_one_reservation(city: City) -> None:
    a_fund(city, money=500 * FEN)
    people = uncovered(city, 1)
    on_roster(city, people)
    assert asked(city, people * THREADS) == [True] * THREADS
    assert draws(city) == [("hope", FEN, "reserved")]
