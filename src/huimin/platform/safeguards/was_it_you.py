"""Asking people of 65 and over, and adults who have not agreed themselves, after policies were issued."""

from __future__ import annotations

import json
from collections.abc import Sequence

from huimin.platform.disclosure.api import HowAgreed, agreed_to_cover, anybody_elderly
from huimin.platform.enrolment.api import OrderFacts, order_by_reference, policies_of_order
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.people.api import NamedPerson, masked_name, named_persons
from huimin.platform.safeguards.models import Asked
from huimin.platform.tasks.api import Attempt, Write, enqueue
from huimin.settlement.member import completed_years

__all__ = ["TOPIC", "ask_was_it_you", "key_of"]

_OUR_PAGES, _OF_AGE = "web", 18
TOPIC = "was-it-you"
"""How the key of the message begins."""


def ask_was_it_you(attempt: Attempt) -> Write | None:
    """Ask the payer and each insured of an order who is 65 or older, and adults who were not asked. Else nothing."""
    city, content = attempt.task.city, json.loads(attempt.task.payload)
    order = order_by_reference(city, content["order"])
    if order is None:
        return None
    insured = [policy.insured_id for policy in policies_of_order(order)]
    people = named_persons(city, {order.applicant_id, *insured})
    concerned = [people[one] for one in dict.fromkeys((order.applicant_id, *insured))]
    asked = _to_be_asked(city, order, concerned)
    if not insured or not asked:
        return None
    payer, names = people[order.applicant_id], [masked_name(people[one].name) for one in insured]
    return lambda: _ask(city, order, asked, payer, names)


def _to_be_asked(city: City, order: OrderFacts, people: Sequence[NamedPerson]) -> list[NamedPerson]:
    """Whoever is 65 or older; and on our own pages each insured adult who has not agreed by their own code before."""
    day = today(city)
    others = [one for one in people if one.id != order.applicant_id and completed_years(one.birth_date, day) >= _OF_AGE]
    agreed: dict[int, HowAgreed] = {}
    if others and order.channel == _OUR_PAGES:
        agreed = agreed_to_cover(city, order.plan_year_id, order.applicant_id, [one.id for one in others])
    else:
        others = []
    unknowing = {one.id for one in others if agreed.get(one.id) is not HowAgreed.CODE}
    return [one for one in people if one.id in unknowing or anybody_elderly([one], day)]


def key_of(order_id: int, resident_id: int) -> str:
    """Of the message that asks: it is asked once."""
    return f"{TOPIC}-{order_id}-{resident_id}"


def _ask(city: City, order: OrderFacts, people: Sequence[NamedPerson], payer: NamedPerson, names: list[str]) -> None:
    moment = now(city)
    rows = [Asked(city=city, order_id=order.id, resident_id=person.id, at=moment) for person in people]
    Asked.objects.bulk_create(rows)
    for person in people:
        payload = {
            "template": "was_it_you",
            "order": order.reference,
            "resident": person.id,
            "payer": masked_name(payer.name),
            "insured": "、".join(names),
            "hotline": city.hotline,
        }
        enqueue(city=city, kind="notice", key=key_of(order.id, person.id), payload=payload)
