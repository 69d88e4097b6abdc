"""The resident's policies after they were issued: how they stand, and giving one up."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.bulk.api import asked_of
from huimin.platform.enrolment.api import PolicyFacts, decline_cover, policies_of, readable
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.api import ask_for_debt, debts_of
from huimin.platform.people.api import named_persons
from huimin.platform.renewal.api import years_of_people
from huimin.platform.servicing.api import back_today, epolicy, stories_of, validity_of, withdraw
from huimin.platform.subsidies.api import granted_orders
from huimin.platform.web.days import page_language
from huimin.platform.web.downloads import pdf_shown
from huimin.platform.web.forms.residents import ValidOnForm
from huimin.platform.web.policy_words import PolicyCard, SeenYears
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, city_page, resident_page, source_of
from huimin.platform.web.views.resident import qr

__all__ = [
    "debt_pay",
    "decline",
    "own_policy",
    "policies",
    "policy_cards",
    "policy_document",
    "policy_validity",
    "policy_withdraw",
]


@resident_page(Action.SEE_POLICIES)
def policies(request: CityRequest) -> HttpResponse:
    """Every policy that the resident has or bought, those that ended too."""
    found = policies_of(request.city, request.resident)
    granted = granted_orders(request.city, request.resident.id)
    waiting = [(one, until) for one, until in granted.items() if until >= today(request.city)]
    debts = debts_of(request.city, request.resident.id)
    names = named_persons(request.city, {debt.insured_id for debt in debts})
    context = {
        "cards": policy_cards(request.city, found),
        "granted": waiting,
        "asked": len(asked_of(request.city, request.resident.id)),
        "debts": [(debt, names[debt.insured_id].name) for debt in debts],
        "years": _years(request, found),
    }
    return render(request, "resident/policies.html", context)


@resident_page(Action.ENROL)
@require_POST
def debt_pay(request: CityRequest, key: str) -> HttpResponse:
    """Lead the payer to the payment company with what they owe since an agency struck it out."""
    try:
        return redirect(ask_for_debt(actor=request.actor, key=key))
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    return redirect("policies", city_code=request.city.code)


def _years(request: CityRequest, found: Sequence[PolicyFacts]) -> list[SeenYears]:
    """What is carried over for each insured person; whether something was claimed only where the resident may know."""
    day = today(request.city)
    own = {policy.insured_id: policy.id for policy in found}
    seen = readable(request.city, request.resident, own.values(), day) if own else set()
    people = named_persons(request.city, own)
    years = years_of_people(request.city, list(own)) if own else {}
    return [SeenYears(people[one].name, years[one], own[one] in seen) for one in own if years[one].continuous_years]


@resident_page(Action.DECLINE_COVER)
@require_POST
def decline(request: CityRequest, reference: str) -> HttpResponse:
    """The resident does not want what was granted to them."""
    try:
        decline_cover(actor=request.actor, reference=reference)
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    else:
        messages.success(request, _("已为您取消，资助款项退回资助方。您仍可自行投保。"))
    return redirect("policies", city_code=request.city.code)


@resident_page(Action.SEE_POLICIES)
def policy_document(request: CityRequest, number: str) -> HttpResponse:
    """The e-policy as PDF, made now: the same bytes each time."""
    return pdf_shown(epolicy(own_policy(request, number)), number)


@city_page
def policy_validity(request: CityRequest, number: str, code: str) -> HttpResponse:
    """Whether a policy is valid on a day, for whoever has its number and its check code: that, and no more."""
    form = ValidOnForm(request.GET)
    day = form.cleaned_data["day"] if form.is_valid() else None
    try:
        found = validity_of(city=request.city, number=number, code=code, day=day, source=source_of(request))
    except HuiminError as error:
        context = {"sentence": error_sentence(error), "form": form}
        return render(request, "resident/validity.html", context, status=429)
    name = found.plan[page_language() == "en"] if found else ""
    context = {
        "found": found,
        "plan_name": name,
        "form": ValidOnForm({"day": found.day} if found and day is None else request.GET),
    }
    return render(request, "resident/validity.html", context, status=200 if found else 404)


@resident_page(Action.SEE_POLICIES)
def policy_withdraw(request: CityRequest, number: str) -> HttpResponse:
    """What comes back if the policy is given up today, and giving it up."""
    policy = own_policy(request, number)
    card, sentence, back = policy_cards(request.city, [policy])[0], "", None
    try:
        if request.method == "POST":
            withdraw(actor=request.actor, number=number)
            messages.success(request, _("退保已受理。应退的保费将退回原付款账户，到账后短信告知。"))
            return redirect("policies", city_code=request.city.code)
        back = back_today(policy)
    except HuiminError as error:
        sentence = error_sentence(error)
    context = {"card": card, "back": back, "sentence": sentence}
    return render(request, "resident/withdraw.html", context, status=200 if back else 409)


def own_policy(request: CityRequest, number: str) -> PolicyFacts:
    """The policy with this number, if this resident has or bought it."""
    for policy in policies_of(request.city, request.resident):
        if policy.number == number:
            return policy
    raise Http404


def policy_cards(city: City, policies: Sequence[PolicyFacts]) -> list[PolicyCard]:
    """Each policy with how it stands, the name of whom it insures, and its number as a QR code."""
    people = named_persons(city, {policy.insured_id for policy in policies})
    stories = stories_of(city, policies)
    return [PolicyCard(story, people[story.policy.insured_id].name, qr(story.policy.number)) for story in stories]
