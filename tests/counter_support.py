"""A counter for tests: somebody is found, agrees on paper, and pays."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from acting import acting
from huimin.platform.catalogue.selectors import plan_on_sale, terms_of
from huimin.platform.counter.cash import take_cash
from huimin.platform.counter.enrolling import Agreed, enrol_at_counter
from huimin.platform.counter.models import How, TillClosing
from huimin.platform.counter.tills import close_till
from huimin.platform.counter.writing_off import propose_write_off
from huimin.platform.enrolment.services import PlacedOrder
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.payments.models import BalanceAsked
from huimin.platform.payments.personal_account.models import AskState
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import named_persons
from huimin.platform.tasks.kinds import Lane
from huimin.terms import key_terms, words_digest
from subsidies_support import uncovered
from work_support import work_off

__all__ = [
    "a_cash_order",
    "a_counted_till",
    "a_telephone_order",
    "a_write_off_proposed",
    "an_account_told",
    "an_issued_order",
    "at_the_counter",
    "by_paper",
    "ordered",
    "serving",
    "the_closing",
]


def serving(city: City) -> Actor:
    return acting(city, "counter").with_purpose("counter enrolment")


def by_paper(city: City, paper: str = "GZ-0001") -> Agreed:
    year = plan_on_sale(city)
    assert year is not None
    return Agreed(How.PAPER, "我同意", words_digest(key_terms(terms_of(year).plan, "zh")), "zh", paper=paper)


def ordered(
    city: City, person: Resident, *, cash: bool = True, agreed: Agreed | None = None, family: tuple[Any, ...] = ()
) -> PlacedOrder:
    """The person at the counter, and `family` with what they are to them."""
    year = plan_on_sale(city)
    assert year is not None
    people = named_persons(city, [person.pk, *(one.pk for one, _relation in family)])
    insured = [(people[person.pk], Relation.SELF)] + [(people[one.pk], relation) for one, relation in family]
    return enrol_at_counter(
        actor=serving(city),
        plan_year=year,
        applicant=people[person.pk],
        insured=insured,
        agreed=agreed or by_paper(city),
        cash=cash,
    )


def at_the_counter(city: City, client: Client) -> None:
    """Somebody stands there, and was found."""
    (person,) = uncovered(city, 1)
    session = client.session
    session["counter"] = {
        "city": city.code,
        "applicant": person.pk,
        "people": {str(person.pk): "self"},
        "check": 0,
    }
    session.save()


def an_account_told(city: City, client: Client) -> None:
    """The bureau has said what is in the account of whoever stands there."""
    at_the_counter(city, client)
    session = client.session
    answer = {"area": "329901", "historic": 5_000_00, "current": 0, "held": 0, "relatives": []}
    BalanceAsked.objects.create(
        city=city,
        resident_id=session["counter"]["applicant"],
        asked_at=timezone.now(),
        state=AskState.ANSWERED,
        answer=json.dumps(answer),
    )
    session["counter"] = {**session["counter"], "balance": True}
    session.save()


def a_cash_order(city: City) -> dict[str, Any]:
    return {"reference": ordered(city, uncovered(city, 1)[0]).order.reference}


def a_telephone_order(city: City) -> dict[str, Any]:
    return {"reference": ordered(city, uncovered(city, 1)[0], cash=False).order.reference}


def an_issued_order(city: City) -> dict[str, Any]:
    found = a_cash_order(city)
    take_cash(actor=serving(city), order=found["reference"])
    work_off(Lane.ORDERS)
    return found


def a_counted_till(city: City, client: Client) -> None:
    an_issued_order(city)
    close_till(actor=serving(city), counted=150_00, note="少收 8 元，次日补足")


def a_write_off_proposed(city: City, client: Client) -> None:
    a_counted_till(city, client)
    propose_write_off(
        actor=acting(city, "handler"), closing_id=the_closing(city)["closing_id"], note="已核对监控，确系短款"
    )


def the_closing(city: City) -> dict[str, Any]:
    return {"closing_id": TillClosing.objects.of(city).order_by("-pk")[0].pk}
