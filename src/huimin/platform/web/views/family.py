"""Consent to see a family member's bills: who gave it to whom, how it is given, and how it is withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.claims.api import tried_about
from huimin.platform.enrolment.api import policies_of
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import (
    NamedPerson,
    ask_for_consent,
    give_consent,
    grants_of,
    named_persons,
    withdraw_consent,
)
from huimin.platform.web.faults import faults_of_error
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.residents import ConsentForm
from huimin.platform.web.session import CityRequest, resident_page

__all__ = ["CONSENT", "consent", "family", "withdraw"]

CONSENT: Promise | str = gettext_lazy("我同意%(name)s查看我的医院账单和赔付情况，以便协助我理赔。我可以随时撤回。")
_CHECK = "family_check"


@resident_page(Action.AGREE_TO_FAMILY)
def family(request: CityRequest) -> HttpResponse:
    """The consents in force that this resident gave or received, each with a button that ends it; and which
    institutions asked what a bill of theirs would be paid.
    """
    grants = grants_of(request.city, request.resident)
    tried = tried_about(request.city, request.resident.psn_no, page_number(request.GET.get("page")))
    context = {
        "list": tried,
        "given": [grant.grantee for grant in grants if grant.resident.id == request.resident.id],
        "held": [grant.resident for grant in grants if grant.grantee.id == request.resident.id],
    }
    return render(request, "resident/family.html", context)


@resident_page(Action.AGREE_TO_FAMILY)
def consent(request: CityRequest, policy_id: int) -> HttpResponse:
    """Ask an insured family member for consent. A code goes to their telephone; they pass it on if they agree."""
    person = _insured_by(request, policy_id)
    words = str(CONSENT) % {"name": request.resident.name}
    form = ConsentForm(posted(request))
    asks = form.asks
    if asks:
        form = ConsentForm()
    context = {"person": person, "words": words, "form": form, "policy_id": policy_id}
    try:
        if asks:
            check = ask_for_consent(actor=request.actor, grantee=request.resident, resident=person)
            request.session[_CHECK] = [check, person.id]
            return redirect("family-consent", city_code=request.city.code, policy_id=policy_id)
        if form.is_valid():
            return _given(request, form, words)
    except HuiminError as error:
        if asks:
            context["faults"] = faults_of_error(error)
        else:
            form.refuse(error, field="code")
    context["asked"] = request.session.get(_CHECK, [0, 0])[1] == person.id
    return render(request, "resident/family_consent.html", context)


def _given(request: CityRequest, form: ConsentForm, words: str) -> HttpResponse:
    check_id = request.session.get(_CHECK, [0, 0])[0]
    give_consent(
        actor=request.actor, grantee=request.resident, check_id=check_id, code=form.cleaned_data["code"], text=words
    )
    del request.session[_CHECK]
    messages.success(request, _("已取得同意。对方可随时撤回。"))
    return redirect("claims", city_code=request.city.code)


@resident_page(Action.AGREE_TO_FAMILY)
@require_POST
def withdraw(request: CityRequest, resident_id: int) -> HttpResponse:
    """End the consent that was given to this person, or received from them."""
    other = named_persons(request.city, [resident_id]).get(resident_id)
    if other is None:
        raise Http404
    for resident, grantee in ((request.resident, other), (other, request.resident)):
        withdraw_consent(actor=request.actor, resident=resident, grantee=grantee)
    messages.success(request, _("已撤回，立即生效。"))
    return redirect("family", city_code=request.city.code)


def _insured_by(request: CityRequest, policy_id: int) -> NamedPerson:
    """The insured person of a policy that this resident bought for somebody else; 404 otherwise."""
    for policy in policies_of(request.city, request.resident):
        if policy.id == policy_id and policy.holder_id == request.resident.id != policy.insured_id:
            return named_persons(request.city, [policy.insured_id])[policy.insured_id]
    raise Http404
