"""Signed notices of parties outside: payment companies tell of money and agreements, the message gateway of replies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from huimin.platform.api.problems import problem
from huimin.platform.foundation.actors import gateway_actor, provider_actor
from huimin.platform.foundation.selectors import city_of_notices
from huimin.platform.gateways.api import NoticeError, message_gateway
from huimin.platform.payments.api import hear_agreement, keep_unreadable, payment_company, take_notice
from huimin.platform.renewal.api import undo_by_reply
from huimin.platform.safeguards.api import answer_by_reply

__all__ = ["notices", "post_payment_notice"]

notices = Router()


@notices.post("/payments/{city_code}/{provider_code}/notices", auth=None, tags=["payments"])
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


@notices.post("/payments/{city_code}/{provider_code}/agreements", auth=None, tags=["payments"])
def post_agreement_notice(request: HttpRequest, city_code: str, provider_code: str) -> HttpResponse:
    """A payment provider's signed notice that a payer signed, declined or ended an agreement to take premiums."""
    city = city_of_notices(city_code)
    if city is None:
        return problem("not_found", "no such city")
    said = payment_company(provider_code, city).read_agreement(request.headers, request.body)
    hear_agreement(actor=provider_actor(city, provider_code), said=said)
    return HttpResponse("success", content_type="text/plain")


@notices.post("/messages/{city_code}/replies", auth=None, tags=["messages"])
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
