"""Automatic renewal for residents: agreeing on a page of its own, signing with the payment company, what was
announced, and undoing it with one tap.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import terms_by_digest
from huimin.platform.enrolment.api import PolicyFacts, policies_of
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.api import AgreementStatus, agreement_of, sign_agreement
from huimin.platform.people.api import masked_name, named_persons
from huimin.platform.renewal.api import (
    Road,
    agree_to_renewal,
    consent_words,
    digest_of,
    renewals_of_policies,
    sheet_in,
    standing_consent,
    take_consent_back,
    undo_renewal,
)
from huimin.platform.web.days import page_language
from huimin.platform.web.faults import faults_of_error
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.buttons import WordsForm, pressed
from huimin.platform.web.renewal_words import STATUS_WORDS, TOLD_WORDS, sheet_in_groups, why_in_words
from huimin.platform.web.session import CityRequest, resident_page

__all__ = ["renewal"]

_SESSION = "enrolment_session"


@resident_page(Action.SEE_POLICIES)
def renewal(request: CityRequest, number: str) -> HttpResponse:
    """One policy: whether it is renewed by itself, in which words that was agreed to, and what is announced."""
    policy = next((one for one in policies_of(request.city, request.resident) if one.number == number), None)
    if policy is None:
        raise Http404
    faults = []
    if request.method == "POST":
        try:
            goes_to = _act(request, policy)
        except HuiminError as error:
            faults = faults_of_error(error)
        else:
            return redirect(goes_to or reverse("renewal", args=(request.city.code, number)))
    context = {**_shown(request, policy), "faults": faults}
    return render(request, "resident/renewal.html", context, status=422 if faults else 200)


def _act(request: CityRequest, policy: PolicyFacts) -> str:
    """What the button does. Returns where the payer goes to sign; "" where they stay here."""
    do = pressed(request, "do", ["agree", "sign", "stop", "undo"])
    if do == "agree":
        agree_to_renewal(
            actor=request.actor,
            number=policy.number,
            words=_words(request, policy),
            shown_digest=WordsForm(posted(request)).sent("words"),
            language=page_language(),
            session=str(request.session.get(_SESSION, [""])[0]),
        )
        messages.success(request, _("已记录您的同意。扣款前会提前告诉您，您可以随时取消。"))
        return _sign(request, policy)
    if do == "sign" and policy.holder_id == request.resident.id:
        return _sign(request, policy)
    if do == "stop":
        take_consent_back(actor=request.actor, number=policy.number, road=Road.PAGE)
        messages.success(request, _("已收回同意，不会再自动续保。"))
    elif do == "undo":
        found = renewals_of_policies(request.city, [policy.number]).get(policy.number)
        undo_renewal(actor=request.actor, renewal_id=found.id if found is not None else 0, road=Road.PAGE)
        messages.success(request, _("已取消自动续保。已扣的保费会原路退回。"))
    return ""


def _sign(request: CityRequest, policy: PolicyFacts) -> str:
    back = reverse("renewal", args=(request.city.code, policy.number)).lstrip("/")
    return sign_agreement(actor=request.actor, resident_id=request.resident.id, back=back)


def _words(request: CityRequest, policy: PolicyFacts) -> str:
    """The consent's words for this policy, in the page's language."""
    language = page_language()
    plan = terms_by_digest(request.city, policy.plan_year_id, policy.plan_digest).plan
    person = named_persons(request.city, [policy.insured_id])[policy.insured_id]
    return consent_words(
        plan_name=plan.name.in_language(language),
        insured=masked_name(person.name),
        days=request.city.renewal_notice_days,
        language=language,
    )


def _shown(request: CityRequest, policy: PolicyFacts) -> dict[str, Any]:
    found = renewals_of_policies(request.city, [policy.number]).get(policy.number)
    words = _words(request, policy)
    person = named_persons(request.city, [policy.insured_id])[policy.insured_id]
    agreement = agreement_of(request.city, policy.holder_id)
    return {
        "policy": policy,
        "name": person.name,
        "pays": policy.holder_id == request.resident.id,
        "consent": standing_consent(request.city, policy.holder_id, policy.insured_id),
        "words": words,
        "digest": digest_of(words),
        "renewal": found,
        "signed": agreement is not None and agreement.in_force,
        "sent_to_sign": agreement is not None and agreement.status is AgreementStatus.ASKED,
        "sheet": sheet_in_groups(sheet_in(request.city, found, page_language())) if found is not None else [],
        "stands": STATUS_WORDS[found.status] if found is not None else "",
        "why": why_in_words(found.reason) if found is not None else "",
        "roads": [(TOLD_WORDS[told.road], told.at) for told in found.roads] if found is not None else [],
    }
