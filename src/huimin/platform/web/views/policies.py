"""The resident's policies after they were issued: how they stand, and giving one up."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import PolicyFacts, policies_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import named_persons
from huimin.platform.servicing.api import back_today, stories_of, withdraw
from huimin.platform.web.policy_words import PolicyCard
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, resident_page
from huimin.platform.web.views.resident import qr

__all__ = ["policies", "policy_cards", "policy_withdraw"]


@resident_page(Action.SEE_POLICIES)
def policies(request: CityRequest) -> HttpResponse:
    """Every policy that the resident has or bought, those that ended too."""
    found = policies_of(request.city, request.resident)
    return render(request, "resident/policies.html", {"cards": policy_cards(request.city, found)})


@resident_page(Action.SEE_POLICIES)
def policy_withdraw(request: CityRequest, number: str) -> HttpResponse:
    """What comes back if the policy is given up today, and giving it up."""
    own = [one for one in policies_of(request.city, request.resident) if one.number == number]
    if not own:
        raise Http404
    card, sentence, back = policy_cards(request.city, own)[0], "", None
    try:
        if request.method == "POST":
            withdraw(actor=request.actor, number=number)
            messages.success(request, _("退保已受理。应退的保费将退回原付款账户，到账后短信告知。"))
            return redirect("policies", city_code=request.city.code)
        back = back_today(own[0])
    except HuiminError as error:
        sentence = error_sentence(error)
    context = {"card": card, "back": back, "sentence": sentence}
    return render(request, "resident/withdraw.html", context, status=200 if back else 409)


def policy_cards(city: City, policies: Sequence[PolicyFacts]) -> list[PolicyCard]:
    """Each policy with how it stands, the name of whom it insures, and its number as a QR code."""
    people = named_persons(city, {policy.insured_id for policy in policies})
    stories = stories_of(city, policies)
    return [PolicyCard(story, people[story.policy.insured_id].name, qr(story.policy.number)) for story in stories]
