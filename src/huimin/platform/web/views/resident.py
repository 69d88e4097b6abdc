"""The resident's pages: the plan, signing in, policies and claims."""

from __future__ import annotations

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import PlanYearFacts, plan_on_sale, terms_of
from huimin.platform.claims.api import claim_detail, claims_of_policies, journal_names
from huimin.platform.enrolment.api import policies_of, readable
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import PAGE_SIZE, page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import all_cities
from huimin.platform.foundation.services import record_look
from huimin.platform.payouts.api import debt_of_bills, payouts_of_bills
from huimin.platform.people.api import PURPOSE, check_code, named_persons, send_code, sign_in
from huimin.platform.web.context import is_large
from huimin.platform.web.days import page_language
from huimin.platform.web.doors import enrolment_door
from huimin.platform.web.explaining import explanation_context
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.buttons import BackForm
from huimin.platform.web.forms.residents import CodeForm, IdentityForm
from huimin.platform.web.payout_words import in_words
from huimin.platform.web.sentences import sentence
from huimin.platform.web.session import (
    CityRequest,
    city_page,
    resident_page,
    sign_in_resident,
    sign_out_resident,
    source_of,
    with_device,
)
from huimin.terms import summarise

__all__ = ["cities", "claim", "claims", "code", "display", "help_page", "home", "identity", "leave", "plan", "qr"]


_FEW = 5
"""Claims on one page in elderly mode."""


def cities(request: HttpRequest) -> HttpResponse:
    """The cities on this server. Where there is only one, go straight to its page."""
    found = all_cities()
    if len(found) == 1:
        return redirect("home", city_code=found[0].code)
    return render(request, "resident/cities.html", {"cities": found})


def plan_year_or_404(city: City) -> PlanYearFacts:
    plan_year = plan_on_sale(city)
    if plan_year is None:
        raise Http404
    return plan_year


@city_page
def home(request: CityRequest) -> HttpResponse:
    plan_year = plan_year_or_404(request.city)
    words = summarise(terms_of(plan_year).plan, page_language())
    return render(request, "resident/home.html", {"words": words, "door": enrolment_door(request.city)})


@city_page
def plan(request: CityRequest) -> HttpResponse:
    plan_year = plan_year_or_404(request.city)
    words = summarise(terms_of(plan_year).plan, page_language())
    return render(request, "resident/plan.html", {"words": words, "plan_year": plan_year})


@city_page
@with_device
def identity(request: CityRequest) -> HttpResponse:
    """Ask for name and ID number, and send a code to the telephone in the register."""
    next_address = _safe_next(request)
    form = IdentityForm(posted(request))
    if form.is_valid():
        try:
            check = send_code(city=request.city, **form.cleaned_data, source=source_of(request))
        except HuiminError as error:
            form.refuse(error, field="" if error.code == "too_many_codes" else "id_number")
        else:
            request.session["identity_check"] = check
            request.session["identity_next"] = next_address
            return redirect("code", city_code=request.city.code)
    return render(request, "resident/identity.html", {"form": form, "next": next_address})


@city_page
def code(request: CityRequest) -> HttpResponse:
    """Ask for the code that was sent, and sign the resident in."""
    check_id = request.session.get("identity_check")
    if check_id is None:
        return redirect("identity", city_code=request.city.code)
    form = CodeForm(posted(request))
    if form.is_valid():
        try:
            resident = check_code(city=request.city, check_id=check_id, **form.cleaned_data)
        except HuiminError as error:
            form.refuse(error, field="code")
        else:
            next_address = request.session.pop("identity_next")
            del request.session["identity_check"]
            sign_in(city=request.city, resident=resident, source=source_of(request))
            sign_in_resident(request, resident)
            return redirect(next_address)
    return render(request, "resident/code.html", {"form": form})


@city_page
@require_POST
def leave(request: CityRequest) -> HttpResponse:
    sign_out_resident(request)
    return redirect("home", city_code=request.city.code)


@resident_page(Action.SEE_CLAIMS)
def claims(request: CityRequest) -> HttpResponse:
    bought = policies_of(request.city, request.resident)
    found = readable(request.city, request.resident, {policy.id for policy in bought}, today(request.city))
    size = _FEW if is_large(request) else PAGE_SIZE
    page = claims_of_policies(request.city, found, page_number(request.GET.get("page")), size)
    people = named_persons(request.city, {policy.insured_id for policy in bought})
    names = {policy.id: people[policy.insured_id].name for policy in bought}
    rows = [(row, names[row.bill.policy_id]) for row in page]
    hidden = {policy.insured_id: policy.id for policy in bought if policy.id not in found}
    others = [(names[policy_id], policy_id) for policy_id in hidden.values()]
    return render(request, "resident/claims.html", {"rows": rows, "list": page, "hidden": others})


@resident_page(Action.SEE_CLAIMS)
def claim(request: CityRequest, fact_id: int) -> HttpResponse:
    """One bill: who pays which part, and why. Only the person and those who have their consent see it."""
    detail = claim_detail(request.city, fact_id)
    if detail is None or not readable(request.city, request.resident, [detail.policy.id], today(request.city)):
        raise Http404
    if detail.policy.insured_id != request.resident.id:
        actor = request.actor.with_purpose(PURPOSE)
        record_look(actor=actor, action="claim_viewed", subject=f"settlement:{detail.bill.id}")
    language = page_language()
    names = detail.terms.names(language)
    insured = named_persons(request.city, [detail.policy.insured_id])[detail.policy.insured_id]
    sources = journal_names(detail.bill.sender.code, detail.bill.setl_id)
    context = {
        "detail": detail,
        "name": insured.name,
        "payouts": in_words(payouts_of_bills(request.city, detail.policy.number, sources)),
        "debt": debt_of_bills(request.city, detail.policy.number, sources),
    }
    if detail.explanation is not None:
        context |= explanation_context(detail.explanation, names, language)
    return render(request, "resident/claim.html", context)


@city_page
def help_page(request: CityRequest) -> HttpResponse:
    words = summarise(terms_of(plan_year_or_404(request.city)).plan, page_language())
    return render(request, "resident/help.html", {"words": words})


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Switch to larger letters, or back. The choice is kept for a year."""
    address = BackForm(posted(request)).sent("next")
    allowed = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    # Not redirect(), which would look up a word such as `order` as the name of an address and fail.
    response = HttpResponseRedirect(address if allowed else "/")
    large = "0" if request.COOKIES.get("large") == "1" else "1"
    response.set_cookie("large", large, max_age=365 * 24 * 3600, samesite="Lax")
    return response


def reason_sentence(reason: str) -> str:
    return sentence(reason, {})


def qr(text: str) -> str:
    """A QR code as inline SVG."""
    return segno.make(text, error="m", micro=False).svg_inline(scale=3, border=1, omitsize=True)


def _safe_next(request: CityRequest) -> str:
    home_address = reverse("enrol", kwargs={"city_code": request.city.code})
    address = BackForm(posted(request)).sent("next") or request.GET.get("next") or home_address
    inside = address.startswith(f"/{request.city.code}/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if inside else home_address
