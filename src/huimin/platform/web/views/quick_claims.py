"""Claiming by one tap: the tap with its consent, the claim as it stands, and the consents with their words."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import content_digest
from huimin.platform.payouts.api import PaidBill
from huimin.platform.people.api import named_persons
from huimin.platform.quick_claims.api import (
    ConsentText,
    QuickClaimStory,
    claim_quickly,
    claimable_policies,
    consents_of,
    quick_claim_story,
    quick_claims_of,
    take_fetch_consent_back,
    withdraw_quick_claim,
)
from huimin.platform.web.faults import faults_of_error
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.buttons import TapForm
from huimin.platform.web.payout_words import in_words
from huimin.platform.web.quick_claim_words import EVENT_WORDS, STANDS_WORDS, STATE_WORDS, consent_text, headline
from huimin.platform.web.session import CityRequest, resident_page

__all__ = ["fetch_consent_back", "fetch_consents", "quick_claim", "quick_claim_withdraw", "quick_claims"]


@resident_page(Action.CLAIM_QUICKLY)
def quick_claims(request: CityRequest) -> HttpResponse:
    """For each policy the words of the consent and one button, which agrees and claims; and the claims so far."""
    offers, faults = _offers(request), []
    if request.method == "POST":
        try:
            return _tapped(request, offers)
        except HuiminError as error:
            faults = faults_of_error(error)
    made = [(one, STATE_WORDS[one.state]) for one in quick_claims_of(request.city, request.resident.id)]
    names = named_persons(request.city, {one.policy.insured_id for one, _words in made})
    rows = [(one, words, names[one.policy.insured_id].name) for one, words in made]
    context = {"offers": offers, "claims": rows, "faults": faults}
    return render(request, "resident/quick_claims.html", context, status=422 if faults else 200)


def _offers(request: CityRequest) -> list[dict[str, Any]]:
    found = claimable_policies(request.city, request.resident)
    names = named_persons(request.city, {one.policy.insured_id for one in found})
    offers = []
    for one in found:
        name = names[one.policy.insured_id].name
        text = consent_text(name, one.days)
        digest = content_digest(text.words)
        offers.append({"claimable": one, "name": name, "text": text, "digest": digest, "key": secrets.token_hex(12)})
    return offers


def _tapped(request: CityRequest, offers: list[dict[str, Any]]) -> HttpResponse:
    """Claim, by exactly the words that were seen. A day later they name another day, and are to be read again."""
    tap = TapForm(posted(request))
    number = tap.sent("policy")
    offer = next((one for one in offers if one["claimable"].policy.number == number), None)
    if offer is not None and offer["digest"] != tap.sent("words"):
        messages.info(request, _("查询期间已经变化，请看过新的说明再申请。"))
        return redirect("quick-claims", city_code=request.city.code)
    claimed = claim_quickly(
        actor=request.actor,
        resident_id=request.resident.id,
        policy_number=number,
        key=tap.sent("key"),
        text=offer["text"] if offer is not None else ConsentText("", ""),
    )
    return redirect("quick-claim", city_code=request.city.code, key=claimed)


@resident_page(Action.CLAIM_QUICKLY)
def quick_claim(request: CityRequest, key: str) -> HttpResponse:
    """One claim: how it stands, what happens next and when, each bill, and what is paid."""
    story = _own(request, key)
    name = named_persons(request.city, [story.facts.policy.insured_id])[story.facts.policy.insured_id].name
    context = {
        "story": story,
        "name": name,
        "headline": headline(story),
        "bills": [(bill, STANDS_WORDS[bill.stands]) for bill in story.bills],
        "payouts": in_words(_each_payout(story)),
        "events": [(EVENT_WORDS[kind], at) for kind, at in story.events],
    }
    return render(request, "resident/quick_claim.html", context)


def _each_payout(story: QuickClaimStory) -> list[PaidBill]:
    """One line for each payout, with what of it is for bills of this claim: other bills may be paid with them."""
    found: dict[int, PaidBill] = {}
    for one in story.payouts:
        before = found.get(one.payout.id)
        found[one.payout.id] = replace(one, amount=one.amount + (before.amount if before is not None else 0))
    return list(found.values())


def _own(request: CityRequest, key: str) -> QuickClaimStory:
    story = quick_claim_story(request.city, request.resident.id, key)
    if story is None:
        raise Http404
    return story


@resident_page(Action.CLAIM_QUICKLY)
@require_POST
def quick_claim_withdraw(request: CityRequest, key: str) -> HttpResponse:
    _own(request, key)
    if withdraw_quick_claim(actor=request.actor, resident_id=request.resident.id, key=key):
        messages.success(request, _("已撤回，不再查询。"))
    else:
        messages.info(request, _("这次理赔已经有结果，不能再撤回。"))
    return redirect("quick-claim", city_code=request.city.code, key=key)


@resident_page(Action.CLAIM_QUICKLY)
def fetch_consents(request: CityRequest) -> HttpResponse:
    """Each consent with its words, since when, what it was used for, and a button that takes it back."""
    found = consents_of(request.city, request.resident.id)
    return render(request, "resident/fetch_consents.html", {"consents": found})


@resident_page(Action.CLAIM_QUICKLY)
@require_POST
def fetch_consent_back(request: CityRequest, consent_id: int) -> HttpResponse:
    own = {one.id for one in consents_of(request.city, request.resident.id)}
    if consent_id not in own:
        raise Http404
    take_fetch_consent_back(actor=request.actor, resident_id=request.resident.id, consent_id=consent_id)
    messages.success(request, _("已收回，立即生效，不再查询。"))
    return redirect("fetch-consents", city_code=request.city.code)
