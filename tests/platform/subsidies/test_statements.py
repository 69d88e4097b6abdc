"""What a sponsor is shown: every fen of their money, and no person."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.platform.people.models import Resident
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.drawing import Wanted, reserve, return_to_funds, secure, use
from huimin.platform.subsidies.models import Draw, RosterEntry
from huimin.platform.subsidies.statements import SEVERAL, Cell, FundStatement, fund_statement, grouped
from subsidies_support import a_fund, on_roster


def cells(*people: int) -> list[Cell]:
    return [Cell(chr(ord("a") + place), count, count * 100) for place, count in enumerate(people)]


def shown(*people: int) -> list[tuple[str, int]]:
    return [(cell.key, cell.people) for cell in grouped(cells(*people))]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((10, 12), [("b", 12), ("a", 10)]),
        ((9, 9, 30), [("c", 30), (SEVERAL, 18)]),
        ((30, 9), [(SEVERAL, 39)]),
        ((9, 12, 30), [("c", 30), (SEVERAL, 21)]),
        ((3, 4, 12, 30), [("d", 30), (SEVERAL, 19)]),
        ((5, 5, 30), [("c", 30), (SEVERAL, 10)]),
        ((4, 5), []),
        ((9,), []),
        ((10,), [("a", 10)]),
        ((), []),
    ],
)
def test_a_group_of_fewer_than_ten_people_is_never_shown_nor_left_to_be_worked_out(
    people: tuple[int, ...], expected: list[tuple[str, int]]
) -> None:
    assert shown(*people) == expected


def test_what_is_shown_adds_up_to_everybody_and_every_fen() -> None:
    found = grouped(cells(1, 2, 30, 9, 11, 40))
    assert sum(cell.people for cell in found) == 93
    assert sum(cell.fen for cell in found) == 9_300
    assert all(cell.people >= 10 for cell in found)


def drawn(city: City, people: list[Resident], fen: int = 50_00) -> list[str]:
    entries = dict(RosterEntry.objects.of(city).values_list("resident_id", "pk"))
    with transaction.atomic():
        references = reserve(city, [Wanted("hope", one.pk, entries[one.pk], fen) for one in people])
        secure(city, references)
        use(city, references, timezone.now())
    return references


def statement(city: City) -> FundStatement:
    from huimin.platform.subsidies.selectors import fund_by_code

    fund = fund_by_code(city, "hope")
    assert fund is not None
    return fund_statement(city, fund)


def test_every_fen_that_came_in_is_drawn_reserved_or_left(city: City) -> None:
    a_fund(city, money=2_000_00, amounts={"": PerPerson(fen=50_00)})
    people = list(Resident.objects.of(city).order_by("pk")[:14])
    on_roster(city, people)
    references = drawn(city, people[:12])
    with transaction.atomic():
        return_to_funds(city, references[:1], "declined", timezone.now())
        entry = RosterEntry.objects.of(city).get(resident=people[13])
        reserve(city, [Wanted("hope", people[13].pk, entry.pk, 50_00)])
    found = statement(city)
    assert (found.came_in, found.drawn, found.reserved, found.returned) == (2_000_00, 550_00, 50_00, 50_00)
    assert found.left == 1_400_00 == found.came_in - found.drawn - found.reserved
    assert (found.people, found.few) == (11, False)
    assert [(one.day, one.amount, one.transfer) for one in found.contributions] == [
        (date(2022, 1, 5), 2_000_00, "T-hope")
    ]


def test_groups_by_reason_area_and_age_hold_the_same_people_and_fen(city: City) -> None:
    a_fund(city, money=4_000_00, amounts={"": PerPerson(fen=50_00)})
    people = list(Resident.objects.of(city).order_by("pk")[:40])
    on_roster(city, people)
    drawn(city, people)
    found = statement(city)
    assert found.by_reason == [Cell("low_income", 40, 2_000_00)]
    for groups in (found.by_area, found.by_age):
        assert (sum(one.people for one in groups), sum(one.fen for one in groups)) == (40, 2_000_00)
        assert all(one.people >= 10 for one in groups)


def test_of_fewer_than_ten_people_only_the_money_is_shown(city: City) -> None:
    a_fund(city, money=2_000_00, amounts={"": PerPerson(fen=50_00)})
    people = list(Resident.objects.of(city).order_by("pk")[:9])
    on_roster(city, people)
    drawn(city, people)
    found = statement(city)
    assert found.few
    assert (found.by_reason, found.by_area, found.by_age) == ([], [], [])
    assert found.drawn == 450_00
    assert Draw.objects.of(city).count() == 9
