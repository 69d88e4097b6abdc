"""An order after it was placed: waiting for the bureau, for its payment or for others who pay; issued or refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from huimin.platform.enrolment.api import (
    OrderFacts,
    means_of_order,
    order_by_reference,
    owed_back,
    payer_address,
    policies_of_order,
    refused_people,
    told_of_order,
)
from huimin.platform.foundation.authorising import may
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.api import ask_soon
from huimin.platform.people.api import named_persons
from huimin.platform.web.policy_words import other_cover_in_words
from huimin.platform.web.session import CityRequest, resident_page
from huimin.platform.web.views.policies import policy_cards
from huimin.platform.web.views.resident import reason_sentence

__all__ = ["order", "order_status"]

_BUREAU_USUALLY_ANSWERS = timedelta(seconds=20)
"""After that the page says that the order waits, and that nothing need be done."""


@resident_page(Action.READ_ORDER)
def order(request: CityRequest, reference: str) -> HttpResponse:
    """The page to which the payer returns from the payment company."""
    return render(request, "resident/order.html", _order_context(request, reference))


@resident_page(Action.READ_ORDER)
def order_status(request: CityRequest, reference: str) -> HttpResponse:
    """The part of the order's page that the browser asks for again while the payment is under way."""
    found = _own_order(request, reference)
    asked = bool(found.status == "waiting" and request.GET.get("ask"))
    if asked and found.payment is not None:
        ask_soon(city=request.city, payment_id=found.payment.id)
    context = {**_order_context(request, reference), "asked": asked}
    if request.headers.get("HX-Request"):
        return render(request, "resident/order_status.html", context)
    return render(request, "resident/order.html", context)


def _order_context(request: CityRequest, reference: str) -> dict[str, Any]:
    found = _own_order(request, reference)
    policies = policy_cards(request.city, policies_of_order(found))
    waiting = found.status == "waiting"
    pay_at = payer_address(found) if waiting else ""
    waited = now(request.city) - found.created_at
    return {
        "bureau_is_slow": found.status == "asking" and waited > _BUREAU_USUALLY_ANSWERS,
        "refused": _refused(request, found) if found.status == "refused" else [],
        "order": found,
        "policies": policies,
        "pay_at": pay_at,
        "owed_back": owed_back(found),
        "means": means_of_order(found),
        "other_cover": _other_cover(request, found) if waiting else [],
    }


def _refused(request: CityRequest, found: OrderFacts) -> list[tuple[str, str]]:
    """Who cannot join by this order, and the sentence that says why."""
    why = refused_people(found)
    people = named_persons(request.city, why)
    return [(people[one].name, reason_sentence(reason)) for one, reason in why.items()]


def _other_cover(request: CityRequest, found: OrderFacts) -> list[tuple[str, str]]:
    """Who has cover elsewhere for the same days, in a sentence: it is told before the order is paid."""
    told = told_of_order(request.city, found.id)
    people = named_persons(request.city, {resident for resident, _ in told})
    return [(people[resident].name, other_cover_in_words(one)) for resident, one in told]


def _own_order(request: CityRequest, reference: str) -> OrderFacts:
    found = order_by_reference(request.city, reference)
    if found is None or not may(request.actor, Action.READ_ORDER, owner=f"resident:{found.applicant_id}"):
        raise Http404
    return found
