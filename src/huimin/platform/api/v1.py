"""/api/v1/: hospitals send settlements, channels enrol, payment providers notify."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.api.problems import problem, register_handlers
from huimin.platform.api.reading import StrictParser
from huimin.platform.api.schemas import IdempotencyKey, OrderIn, OrderOut, PersonIn, SettlementIn, SettlementOut
from huimin.platform.api.sent_fields import sent_fields
from huimin.platform.api.signatures import SignedClient
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_on_sale, terms_of
from huimin.platform.claims.selectors import settlement_answer
from huimin.platform.claims.services import Held, receive_settlement
from huimin.platform.enrolment.eligibility import check_eligibility
from huimin.platform.enrolment.models import Order
from huimin.platform.enrolment.selectors import order_by_reference, payer_address, policies_of_order
from huimin.platform.enrolment.services import confirm_payment, place_order
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.remembered import Remembered
from huimin.platform.foundation.selectors import city_of_notices
from huimin.platform.foundation.services import content_digest, first_answer, remember_answer, writing_together
from huimin.platform.payments.providers import provider
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import find_resident, find_residents
from huimin.terms import summarise

__all__ = ["api"]

api = NinjaAPI(title="Huimin 惠民", version="1", urls_namespace="api", parser=StrictParser())
register_handlers(api)
_on_sale: Remembered[int, PlanYear] = Remembered(seconds=2)
hospital, channel = SignedClient("hospital"), SignedClient("channel")


@api.post("/settlements", auth=hospital, response=SettlementOut, tags=["settlements"])
def post_settlement(
    request: HttpRequest,
    body: SettlementIn,
    idempotency_key: Header[IdempotencyKey],
) -> Any:
    """Settle one bill, or reverse one. The settlement's own id makes a repeat harmless, whatever the key."""
    result = receive_settlement(client=_client(request), body=sent_fields(request.body))
    if isinstance(result, Held):
        review = result.review.pk if result.review else None
        return problem(result.refusal.code, result.refusal.reason, setl_id=result.refusal.setl_id, review=review)
    return result


@api.get("/settlements/{path:setl_id}", auth=hospital, response=SettlementOut, tags=["settlements"])
def get_settlement(request: HttpRequest, setl_id: str) -> Any:
    """The answer that was given to a settlement which this hospital sent."""
    found = settlement_answer(_client(request), setl_id)
    return found if found is not None else problem("not_found", "this hospital sent no such settlement")


@api.get("/plan", auth=channel, tags=["enrolment"])
def get_plan(request: HttpRequest, language: str = "zh") -> Any:
    """The plan on sale in plain words, computed from its terms."""
    plan_year = _plan_on_sale(_client(request).city)
    words = summarise(terms_of(plan_year).plan, language)
    return {
        "plan": plan_year.plan_id,
        "name": words.name,
        "price": format_yuan(words.price_fen),
        "cover": words.cover,
        "window_first_day": str(plan_year.window_first_day),
        "window_last_day": str(plan_year.window_last_day),
        "eligibility": words.eligibility,
        "headlines": words.headlines,
        "benefits": [
            {"id": benefit.id, "name": benefit.name, "pays_for": benefit.pays_for, "terms": benefit.terms}
            for benefit in words.benefits
        ],
        "good_to_know": words.good_to_know,
    }


@api.post("/eligibility", auth=channel, tags=["enrolment"])
def post_eligibility(request: HttpRequest, body: PersonIn) -> Any:
    """Whether a person may join today. Number and name must belong together in the register."""
    city = _client(request).city
    person = _registered(find_resident(city=city, id_number=body.id_number, name=body.name))
    result = check_eligibility(city=city, plan_year=_plan_on_sale(city), residents=[person])[person.pk]
    return {"eligible": result.eligible, "reasons": result.reasons}


@api.post("/orders", auth=channel, response=OrderOut, tags=["enrolment"])
def post_order(
    request: HttpRequest,
    body: OrderIn,
    idempotency_key: Header[IdempotencyKey],
) -> Any:
    """Order cover for a resident and family. The same Idempotency-Key gets the same order."""
    client = _client(request)
    digest = content_digest(body.model_dump(mode="json"))
    try:
        with writing_together():
            answer = _place(client, body)
            remember_answer(client=client, key=idempotency_key, digest=digest, answer=answer, at=now(client.city))
    except (HuiminError, IntegrityError):
        # Most orders are no repeats: only one that fails is looked up.
        found = first_answer(client=client, key=idempotency_key, digest=digest)
        if found is None:
            raise
        return found
    return answer


@api.get("/orders/{reference}", auth=channel, response=OrderOut, tags=["enrolment"])
def get_order(request: HttpRequest, reference: str) -> Any:
    """An order that came by this channel, with its policies once it is paid."""
    client = _client(request)
    order = order_by_reference(client.city, reference)
    if order is None or order.channel != client.code:
        return problem("not_found", "this channel placed no such order")
    return _order_out(order, payer_address(order))


@api.post("/payments/{city_code}/{provider_code}/notices", auth=None, tags=["payments"])
def post_payment_notice(request: HttpRequest, city_code: str, provider_code: str) -> HttpResponse:
    """A payment provider's signed notice. Answered with `success` once it is recorded, so that it is not sent again."""
    city = city_of_notices(city_code)
    if city is None:
        return problem("not_found", "no such city")
    notice = provider(provider_code).read_notice(request.headers, request.body)
    confirm_payment(city=city, provider_code=provider_code, notice=notice)
    return HttpResponse("success", content_type="text/plain")


def _place(client: ApiClient, body: OrderIn) -> dict[str, Any]:
    city, plan_year = client.city, _plan_on_sale(client.city)
    named = [body.applicant, *body.insured]
    people = find_residents(city, [(person.id_number, person.name) for person in named])
    applicant, *insured = (_registered(resident) for resident in people)
    placed = place_order(
        city=city,
        plan_year=plan_year,
        applicant=applicant,
        insured=[(resident, person.relation) for resident, person in zip(insured, body.insured, strict=True)],
        channel=client.code,
        terms_opened_now=body.terms_opened,
    )
    return _order_out(placed.order, placed.payer_address)


def _client(request: HttpRequest) -> ApiClient:
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    return client


def _plan_on_sale(city: City) -> PlanYear:
    plan_year = _on_sale.get(city.pk, lambda: plan_on_sale(city))
    if plan_year is None:
        raise HuiminError("the city has no plan on sale", code="not_found")
    return plan_year


def _registered(found: Resident | None) -> Resident:
    if found is None:
        raise HuiminError("this name and ID number are not together in the register", code="not_in_register")
    return found


def _order_out(order: Order, pay_at: str) -> dict[str, Any]:
    return {
        "reference": order.reference,
        "status": order.status,
        "total": format_yuan(order.payment.amount),
        "pay_at": pay_at,
        "policies": [
            {"number": p.number, "cover_from": str(p.cover_from), "cover_to": str(p.cover_to)}
            for p in policies_of_order(order)
        ],
    }
