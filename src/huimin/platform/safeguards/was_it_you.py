"""Asking people of 65 and over, after policies were issued, whether it was meant."""

from __future__ import annotations

import json
from collections.abc import Sequence

from huimin.platform.disclosure.api import anybody_elderly
from huimin.platform.enrolment.api import OrderFacts, order_by_reference, policies_of_order
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.people.api import NamedPerson, masked_name, named_persons
from huimin.platform.safeguards.models import Asked
from huimin.platform.tasks.api import Attempt, Write, enqueue

__all__ = ["TOPIC", "ask_was_it_you", "key_of"]

TOPIC = "was-it-you"
"""How the key of the message begins."""


def ask_was_it_you(attempt: Attempt) -> Write | None:
    """Ask the payer and each insured of an order who is 65 or older. Nothing where nobody is."""
    city, content = attempt.task.city, json.loads(attempt.task.payload)
    order = order_by_reference(city, content["order"])
    if order is None:
        return None
    insured = [policy.insured_id for policy in policies_of_order(order)]
    people = named_persons(city, {order.applicant_id, *insured})
    concerned = [people[one] for one in dict.fromkeys((order.applicant_id, *insured))]
    elderly = [person for person in concerned if anybody_elderly([person], today(city))]
    if not insured or not elderly:
        return None
    payer, names = people[order.applicant_id], [masked_name(people[one].name) for one in insured]
    return lambda: _ask(city, order, elderly, payer, names)


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
