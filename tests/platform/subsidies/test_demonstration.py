"""The demonstration's funds: two sponsors, a roster that two people agreed to, and books that agree."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.demonstration.subsidies import load_subsidies
from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from huimin.platform.people.persons import PersonFacts
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.subsidies.roster_selectors import files_of_roster, version_in_force
from huimin.platform.subsidies.selectors import all_funds, roster_by_code
from huimin.platform.subsidies.statements import fund_statement


def test_the_demonstration_has_funds_that_paid_for_people_and_books_that_agree(city: City) -> None:
    families: dict[int, list[PersonFacts]] = defaultdict(list)
    for person in persons_by_id(city, Resident.objects.of(city).values_list("pk", flat=True)).values():
        families[person.household_id].append(person)
    channel = client_actor(ApiClient.objects.select_related("city").get(city=city, code="channel-1"))
    year = plan_on_sale(city)
    assert year is not None
    load_subsidies(city, channel, year, list(families.values()), date(2021, 12, 1))
    forget_all()
    first, second = (fund_statement(city, fund) for fund in all_funds(city))
    assert (first.fund.code, first.came_in, second.fund.code, second.came_in) == (
        *("love-2022", 12_800_00),
        *("city-2022", 12_000_00),
    )
    roster = roster_by_code(city, "hardship")
    assert roster is not None
    in_force = version_in_force(city, roster.id)
    assert in_force is not None
    assert in_force.people == first.people == second.people > 0
    assert (first.drawn, second.drawn) == (first.people * 80_00, first.people * 77_99)
    assert [one.state for one in files_of_roster(city, roster.id)] == ["faults", "version"]
    assert verify_city(city).faults == []
