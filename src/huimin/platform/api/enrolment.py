"""/api/v1/plan, eligibility, orders and policies: channels sell the plan to people and their families."""

from __future__ import annotations

from typing import Any, Literal

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import Header, Router

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.api.enrolment_json import order_json, plan_json, policy_json
from huimin.platform.api.enrolment_schemas import (
    EligibilityIn,
    EligibilityOut,
    IdempotencyKey,
    OrderIn,
    OrderOut,
    PlanOut,
    PolicyStandsOut,
)
from huimin.platform.api.problems import problem
from huimin.platform.api.shown import keep_what_was_shown
from huimin.platform.api.signatures import SignedClient, client_of
from huimin.platform.catalogue.api import PlanYearFacts, plan_on_sale, terms_of
from huimin.platform.enrolment.api import (
    check_eligibility,
    let_bureau_tell,
    order_by_reference,
    order_of_policy,
    ordered_cover,
    owed_back,
    payer_address,
    place_order,
    policies_of_order,
)
from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import ONE_ANSWER_FOR_A_KEY, ApiClient, City, IdempotentRequest
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.remembered import Remembered
from huimin.platform.foundation.services import content_digest, first_answer, remember_answer, writing_together
from huimin.platform.people.api import (
    MISSED_BY_CHANNEL,
    NamedPerson,
    count_missed,
    find_person,
    find_persons,
    missed_so_far,
    refuse_guessing,
)
from huimin.platform.servicing.api import PolicyStory, epolicy, stories_of
from huimin.settlement.names import check_name

__all__ = ["enrolment"]

enrolment = Router()
_HISTORY_CONSENT = "本人（未成年人由监护人）同意向医保部门查询近五年的诊断记录，用于认定既往症。"
"""What a channel has its people agree to, in these words or in others that say no less."""
_missed: Remembered[int, int] = Remembered(seconds=2)
_on_sale: Remembered[int, PlanYearFacts] = Remembered(seconds=2)


@enrolment.get("/plan", auth=SignedClient(Action.READ_PLAN), response=PlanOut, tags=["enrolment"])
def get_plan(request: HttpRequest, language: Literal["zh", "en"] = "zh") -> Any:
    """The plan on sale in plain words, computed from its terms."""
    plan_year = _plan_on_sale(client_of(request).city)
    return plan_json(plan_year, terms_of(plan_year).plan, language)


@enrolment.post(
    "/eligibility", auth=SignedClient(Action.CHECK_ELIGIBILITY), response=EligibilityOut, tags=["enrolment"]
)
def post_eligibility(request: HttpRequest, body: EligibilityIn) -> Any:
    """Whether a person may join today, at which price and from which day. Number and name must belong together."""
    client = client_of(request)
    city = client.city
    _refuse_guessing(client)
    found_person = find_person(city=city, id_number=body.id_number, name=check_name(body.name))
    if found_person is None:
        count_missed(city, MISSED_BY_CHANNEL, client.code)
    person = _registered(found_person)
    editions = {person.id: body.edition}
    result = check_eligibility(city=city, plan_year=_plan_on_sale(city), residents=[person], editions=editions)
    found = result[person.id]
    offer = found.offer if found.eligible else None
    return {
        "eligible": found.eligible,
        "reasons": found.reasons,
        "price": format_yuan(offer.price) if offer else None,
        "cover_from": str(offer.cover_from) if offer else None,
        "cover_to": str(offer.cover_to) if offer else None,
        "other_cover": [
            {"plan": one.plan, "first_day": str(one.first), "last_day": str(one.last)}
            for one in (found.offer.other_cover if found.offer is not None else ())
        ],
    }


@enrolment.post("/orders", auth=SignedClient(Action.ENROL), response=OrderOut, tags=["enrolment"])
def post_order(
    request: HttpRequest,
    body: OrderIn,
    idempotency_key: Header[IdempotencyKey],
) -> Any:
    """Order cover for a resident and family. The same Idempotency-Key gets the same order."""
    client = client_of(request)
    _refuse_guessing(client)
    digest = content_digest(body.model_dump(mode="json"))
    try:
        with writing_together():
            answer = _place(client, body)
            remember_answer(client=client, key=idempotency_key, digest=digest, answer=answer, at=now(client.city))
    except (HuiminError, IntegrityError) as error:
        if isinstance(error, IntegrityError) and not violates(error, IdempotentRequest, ONE_ANSWER_FOR_A_KEY):
            raise
        # Most orders are no repeats: only one that fails is looked up.
        found = first_answer(client=client, key=idempotency_key, digest=digest)
        if found is None:
            if isinstance(error, HuiminError) and error.code == "not_in_register":
                count_missed(client.city, MISSED_BY_CHANNEL, client.code)
            raise
        return found
    return answer


@enrolment.get("/orders/{reference}", auth=SignedClient(Action.READ_ORDER), response=OrderOut, tags=["enrolment"])
def get_order(request: HttpRequest, reference: str) -> Any:
    """An order that came by this channel, with its policies once it is paid."""
    client = client_of(request)
    order = order_by_reference(client.city, reference)
    if order is None or order.channel != client.code:
        return problem("not_found", "this channel placed no such order")
    return order_json(order, payer_address(order), ordered_cover(order), policies_of_order(order), owed_back(order))


@enrolment.get("/policies/{number}", auth=SignedClient(Action.READ_ORDER), response=PolicyStandsOut, tags=["enrolment"])
def get_policy(request: HttpRequest, number: str) -> Any:
    """A policy of an order that came by this channel, and how it stands today."""
    story = _own_policy(client_of(request), number)
    if story is None:
        return problem("not_found", "this channel's orders have no such policy")
    return policy_json(story, order_of_policy(story.policy.city, number) or "")


@enrolment.get("/policies/{number}/document", auth=SignedClient(Action.READ_ORDER), tags=["enrolment"])
def get_policy_document(request: HttpRequest, number: str) -> HttpResponse:
    """The e-policy as PDF, for whoever this channel sold it to."""
    story = _own_policy(client_of(request), number)
    if story is None:
        return problem("not_found", "this channel's orders have no such policy")
    return HttpResponse(epolicy(story.policy), content_type="application/pdf")


def _place(client: ApiClient, body: OrderIn) -> dict[str, Any]:
    city, plan_year = client.city, _plan_on_sale(client.city)
    named = [body.applicant, *body.insured]
    people = find_persons(city, [(person.id_number, check_name(person.name)) for person in named])
    applicant, *insured = (_registered(resident) for resident in people)
    actor = client_actor(client)
    pairs = [(resident, person.relation) for resident, person in zip(insured, body.insured, strict=True)]
    agreed = [pair for pair, person in zip(pairs, body.insured, strict=True) if person.history_consent]
    if agreed:
        ids = frozenset(resident.id for resident, _ in agreed)
        let_bureau_tell(actor=actor, applicant=applicant, insured=agreed, text=_HISTORY_CONSENT, agreed=ids)
    placed = place_order(
        actor=actor,
        plan_year=plan_year,
        applicant=applicant,
        insured=pairs,
        terms_opened_now=body.terms_opened,
        editions={resident.id: person.edition for resident, person in zip(insured, body.insured, strict=True)},
    )
    if body.shown:
        keep_what_was_shown(client_actor(client), plan_year, applicant, placed.order, body.shown)
    return order_json(placed.order, placed.payer_address, placed.covers)


def _own_policy(client: ApiClient, number: str) -> PolicyStory | None:
    """The policy of this number, where its order came by this channel."""
    reference = order_of_policy(client.city, number)
    order = order_by_reference(client.city, reference) if reference is not None else None
    if order is None or order.channel != client.code:
        return None
    (policy,) = [one for one in policies_of_order(order) if one.number == number]
    return stories_of(client.city, [policy])[0]


def _plan_on_sale(city: City) -> PlanYearFacts:
    plan_year = _on_sale.get(city.pk, lambda: plan_on_sale(city))
    if plan_year is None:
        raise HuiminError("the city has no plan on sale", code="not_found")
    return plan_year


def _refuse_guessing(client: ApiClient) -> None:
    """A channel vouches for whom it names, so it is told who is in the register; one that guesses is stopped.

    Raises IdentityError (`too_many_lookups`), as of at most two seconds ago.
    """
    missed = _missed.get(client.pk, lambda: missed_so_far(client.city, MISSED_BY_CHANNEL, client.code))
    refuse_guessing(missed or 0, MISSED_BY_CHANNEL)


def _registered(found: NamedPerson | None) -> NamedPerson:
    if found is None:
        raise HuiminError("this name and ID number are not together in the register", code="not_in_register")
    return found
