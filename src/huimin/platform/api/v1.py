"""/api/v1/: hospitals send settlements, channels enrol, payment providers notify."""

from __future__ import annotations

from typing import Any, Literal

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import Header, Router

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.api.bulk_files import bulk_files
from huimin.platform.api.describing import DescribedAPI
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
from huimin.platform.api.problems import problem, register_handlers
from huimin.platform.api.reading import StrictParser
from huimin.platform.api.settlement_json import settlement_json
from huimin.platform.api.settlement_schemas import SettlementIn, SettlementOut
from huimin.platform.api.shown import keep_what_was_shown
from huimin.platform.api.signatures import SignedClient
from huimin.platform.api.trials import held_problem, trials
from huimin.platform.catalogue.api import PlanYearFacts, plan_on_sale, terms_of
from huimin.platform.claims.api import Held, receive_settlement, settlement_answer
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
from huimin.platform.foundation.actors import client_actor, gateway_actor, provider_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import ONE_ANSWER_FOR_A_KEY, ApiClient, City, IdempotentRequest
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.remembered import Remembered
from huimin.platform.foundation.selectors import city_of_notices
from huimin.platform.foundation.services import content_digest, first_answer, remember_answer, writing_together
from huimin.platform.gateways.api import NoticeError, message_gateway
from huimin.platform.payments.api import hear_agreement, keep_unreadable, payment_company, take_notice
from huimin.platform.people.api import (
    MISSED_BY_CHANNEL,
    NamedPerson,
    count_missed,
    find_person,
    find_persons,
    missed_so_far,
    refuse_guessing,
)
from huimin.platform.renewal.api import undo_by_reply
from huimin.platform.safeguards.api import answer_by_reply
from huimin.platform.servicing.api import PolicyStory, epolicy, stories_of
from huimin.settlement.names import check_name

__all__ = ["api"]

api = DescribedAPI(title="Huimin 惠民", version="1", urls_namespace="api", parser=StrictParser())
register_handlers(api)
api.add_router("", bulk_files)
api.add_router("", trials)
settled = Router()
"""Added behind `trials`: an id may hold slashes, so that this address would take theirs."""
sender, reader = SignedClient(Action.SETTLE, Action.REVERSE), SignedClient(Action.READ_SETTLEMENT)
_HISTORY_CONSENT = "本人（未成年人由监护人）同意向医保部门查询近五年的诊断记录，用于认定既往症。"
"""What a channel has its people agree to, in these words or in others that say no less."""
_missed: Remembered[int, int] = Remembered(seconds=2)
_on_sale: Remembered[int, PlanYearFacts] = Remembered(seconds=2)


@api.post("/settlements", auth=sender, response=SettlementOut, tags=["settlements"])
def post_settlement(
    request: HttpRequest,
    body: SettlementIn,
    idempotency_key: Header[IdempotencyKey],
) -> Any:
    """Settle one bill, or reverse one. The settlement's own id makes a repeat harmless, whatever the key."""
    result = receive_settlement(client=_client(request), body=body.sent())
    if isinstance(result, Held):
        return held_problem(result)
    # Ninja would take the answer apart and put it together again, field by field; that it is one is tested.
    return api.create_response(request, settlement_json(result), status=200)


@settled.get("/settlements/{path:setl_id}", auth=reader, response=SettlementOut, tags=["settlements"])
def get_settlement(request: HttpRequest, setl_id: str) -> Any:
    """The answer that was given to a settlement which this hospital sent."""
    found = settlement_answer(_client(request), setl_id)
    if found is None:
        return problem("not_found", "this hospital sent no such settlement")
    return settlement_json(found)


api.add_router("", settled)


@api.get("/plan", auth=SignedClient(Action.READ_PLAN), response=PlanOut, tags=["enrolment"])
def get_plan(request: HttpRequest, language: Literal["zh", "en"] = "zh") -> Any:
    """The plan on sale in plain words, computed from its terms."""
    plan_year = _plan_on_sale(_client(request).city)
    return plan_json(plan_year, terms_of(plan_year).plan, language)


@api.post("/eligibility", auth=SignedClient(Action.CHECK_ELIGIBILITY), response=EligibilityOut, tags=["enrolment"])
def post_eligibility(request: HttpRequest, body: EligibilityIn) -> Any:
    """Whether a person may join today, at which price and from which day. Number and name must belong together."""
    client = _client(request)
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


@api.post("/orders", auth=SignedClient(Action.ENROL), response=OrderOut, tags=["enrolment"])
def post_order(
    request: HttpRequest,
    body: OrderIn,
    idempotency_key: Header[IdempotencyKey],
) -> Any:
    """Order cover for a resident and family. The same Idempotency-Key gets the same order."""
    client = _client(request)
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


@api.get("/orders/{reference}", auth=SignedClient(Action.READ_ORDER), response=OrderOut, tags=["enrolment"])
def get_order(request: HttpRequest, reference: str) -> Any:
    """An order that came by this channel, with its policies once it is paid."""
    client = _client(request)
    order = order_by_reference(client.city, reference)
    if order is None or order.channel != client.code:
        return problem("not_found", "this channel placed no such order")
    return order_json(order, payer_address(order), ordered_cover(order), policies_of_order(order), owed_back(order))


@api.get("/policies/{number}", auth=SignedClient(Action.READ_ORDER), response=PolicyStandsOut, tags=["enrolment"])
def get_policy(request: HttpRequest, number: str) -> Any:
    """A policy of an order that came by this channel, and how it stands today."""
    story = _own_policy(_client(request), number)
    if story is None:
        return problem("not_found", "this channel's orders have no such policy")
    return policy_json(story, order_of_policy(story.policy.city, number) or "")


@api.get("/policies/{number}/document", auth=SignedClient(Action.READ_ORDER), tags=["enrolment"])
def get_policy_document(request: HttpRequest, number: str) -> HttpResponse:
    """The e-policy as PDF, for whoever this channel sold it to."""
    story = _own_policy(_client(request), number)
    if story is None:
        return problem("not_found", "this channel's orders have no such policy")
    return HttpResponse(epolicy(story.policy), content_type="application/pdf")


@api.post("/payments/{city_code}/{provider_code}/notices", auth=None, tags=["payments"])
def post_payment_notice(request: HttpRequest, city_code: str, provider_code: str) -> HttpResponse:
    """A payment provider's signed notice. Answered with `success` once it is kept, so that it is not sent again.

    What follows from it, such as policies, is there within a second or so.
    """
    city = city_of_notices(city_code)
    if city is None:
        return problem("not_found", "no such city")
    actor = provider_actor(city, provider_code)
    try:
        notice = payment_company(provider_code, city).read_notice(request.headers, request.body)
    except NoticeError as error:
        if error.code == "bad_notice":
            keep_unreadable(actor=actor, body=request.body, fault=error.message)
        raise
    take_notice(actor=actor, notice=notice)
    return HttpResponse("success", content_type="text/plain")


@api.post("/payments/{city_code}/{provider_code}/agreements", auth=None, tags=["payments"])
def post_agreement_notice(request: HttpRequest, city_code: str, provider_code: str) -> HttpResponse:
    """A payment provider's signed notice that a payer signed, declined or ended an agreement to take premiums."""
    city = city_of_notices(city_code)
    if city is None:
        return problem("not_found", "no such city")
    said = payment_company(provider_code, city).read_agreement(request.headers, request.body)
    hear_agreement(actor=provider_actor(city, provider_code), said=said)
    return HttpResponse("success", content_type="text/plain")


@api.post("/messages/{city_code}/replies", auth=None, tags=["messages"])
def post_reply(request: HttpRequest, city_code: str) -> HttpResponse:
    """The message gateway's signed notice of a reply. Answered with `success` once it is recorded, or says nothing."""
    city = city_of_notices(city_code)
    if city is None:
        return problem("not_found", "no such city")
    reply = message_gateway(city).read_reply(request.headers, request.body)
    by = gateway_actor(city)
    if not answer_by_reply(actor=by, message_key=reply.key, text=reply.text):
        undo_by_reply(actor=by, message_key=reply.key, text=reply.text)
    return HttpResponse("success", content_type="text/plain")


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


def _client(request: HttpRequest) -> ApiClient:
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    return client


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
