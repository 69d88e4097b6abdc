"""The demonstration's year before: its renewals are in several states, and its books agree."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.demonstration.names import INSURERS
from huimin.platform.demonstration.renewals import load_renewals
from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from huimin.platform.people.persons import PersonFacts
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.renewal.automatic.reading import renewals_to_tell
from huimin.platform.renewal.models import Renewal, RenewalConsent
from renewal_support import day_is


def test_the_demonstration_has_renewals_in_several_states_and_still_sells_this_year(city: City) -> None:
    families: dict[int, list[PersonFacts]] = defaultdict(list)
    for person in persons_by_id(city, Resident.objects.of(city).values_list("pk", flat=True)).values():
        families[person.id].append(person)  # everybody alone: the city of tests has few households
    channel = client_actor(ApiClient.objects.select_related("city").get(city=city, code="channel-1"))
    year = plan_on_sale(city)
    assert year is not None
    shares = {code: share for code, _, _, share in INSURERS}
    load_renewals(city, channel, year, list(families.values()), shares)
    forget_all()
    day_is(city, date(2022, 2, 15))
    assert plan_on_sale(city) == year
    agreed = RenewalConsent.objects.of(city).filter(given=True).count()
    statuses = list(Renewal.objects.of(city).values_list("status", flat=True))
    assert len(statuses) == agreed > 3
    assert {"announced", "undone"} <= set(statuses)
    assert 0 < len(renewals_to_tell(city)) < agreed
    assert verify_city(city).faults == []
