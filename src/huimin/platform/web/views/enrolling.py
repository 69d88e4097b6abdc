"""Enrolment in three steps: who, what it covers and what not, pay. Each can be gone back to without loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.enrolment.api import (
    let_bureau_tell,
    open_terms,
    place_order,
    place_order_from_account,
    refuse_impossible_relation,
    terms_opened,
)
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.relations import Relation
from huimin.platform.payments.api import AskedFor
from huimin.platform.people.api import MISSED_BY_RESIDENT, NamedPerson, look_up, record_consent
from huimin.platform.web.account_paying import ACCOUNT_CONSENT, AccountShown, account_shown, ask_for_account
from huimin.platform.web.days import page_language
from huimin.platform.web.doors import enrolment_door
from huimin.platform.web.draft import DRAFT, draft_of, drop_from_draft
from huimin.platform.web.faults import FieldFault
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.buttons import pressed
from huimin.platform.web.forms.residents import CONSENT, HISTORY_CONSENT, PayForm, RelativeForm
from huimin.platform.web.sentences import sentence
from huimin.platform.web.session import CityRequest, resident_page
from huimin.platform.web.views.candidates import (
    EDITIONS,
    RELATIONS,
    Candidate,
    candidates_of,
    chosen_editions,
    edition_form,
    total_of,
)
from huimin.platform.web.views.resident import plan_year_or_404
from huimin.settlement.names import check_name
from huimin.terms import summarise

__all__ = ["account", "add", "edition", "pay", "remove", "terms", "who"]


@resident_page(Action.ENROL)
def who(request: CityRequest) -> HttpResponse:
    """Step 1. The draft begins with the resident; family members are added by name and ID number."""
    return _who(request, _relative_form())


@resident_page(Action.ENROL)
@require_POST
def add(request: CityRequest) -> HttpResponse:
    """Add a family member who is in the register."""
    if _closed(request):
        return _window_closed(request)
    form = _relative_form(posted(request))
    if not form.is_valid():
        return _who(request, form)
    draft, field = draft_of(request), "name"
    try:
        check_name(form.cleaned_data["name"])
        field = "id_number"
        person = _looked_up(request, form)
        if str(person.id) in draft:
            raise HuiminError("this person is in the order already", code="person_twice")
        field = "relation"
        refuse_impossible_relation(request.resident, person, Relation(form.cleaned_data["relation"]))
    except HuiminError as error:
        form.refuse(error, field=field)
        return _who(request, form)
    request.session[DRAFT] = {**draft, str(person.id): form.cleaned_data["relation"]}
    return redirect("enrol", city_code=request.city.code)


def _relative_form(sent: QueryDict | None = None) -> RelativeForm:
    return RelativeForm(sent, relations=[(one, name) for one, name in RELATIONS.items() if one != Relation.SELF])


def _looked_up(request: CityRequest, form: RelativeForm) -> NamedPerson:
    """The person of the register. Raises HuiminError, `not_in_register` among them."""
    found = look_up(
        city=request.city,
        id_number=form.cleaned_data["id_number"],
        name=form.cleaned_data["name"],
        limit=MISSED_BY_RESIDENT,
        asking=request.actor.text,
    )
    if found is None:
        raise HuiminError("nobody in the register has this number and name", code="not_in_register")
    return found


@resident_page(Action.ENROL)
@require_POST
def remove(request: CityRequest, resident_id: int) -> HttpResponse:
    """Take a person out of the draft. Residents may remove themselves, to insure family only."""
    drop_from_draft(request, resident_id)
    return redirect("enrol", city_code=request.city.code)


@resident_page(Action.ENROL)
@require_POST
def edition(request: CityRequest, resident_id: int) -> HttpResponse:
    """Choose the plan's edition for somebody in the draft."""
    if str(resident_id) not in draft_of(request):
        return redirect("enrol", city_code=request.city.code)
    form = edition_form(request, plan_year_or_404(request.city), resident_id)
    if form is not None and not form.is_valid():
        return _who(request, form)
    if form is not None:
        chosen = {str(number): name for number, name in chosen_editions(request).items()}
        request.session[EDITIONS] = {**chosen, str(resident_id): form.cleaned_data["edition"]}
    return redirect("enrol", city_code=request.city.code)


@resident_page(Action.ENROL)
def terms(request: CityRequest) -> HttpResponse:
    """Step 2. The resident must open the page of what is covered and what is not; when they did is recorded."""
    plan_year = plan_year_or_404(request.city)
    if _closed(request):
        return _refused_or_back(request)
    if request.method == "POST":
        open_terms(actor=request.actor, resident=request.resident, plan_year=plan_year)
        return redirect("enrol-terms", city_code=request.city.code)
    opened = terms_opened(city=request.city, resident=request.resident, plan_year=plan_year)
    words = summarise(terms_of(plan_year).plan, page_language())
    return render(request, "resident/enrol_terms.html", {"words": words, "opened": opened, "step": 2})


@resident_page(Action.ENROL)
def pay(request: CityRequest) -> HttpResponse:
    """Step 3. The total, the consent, and the way to the payment provider."""
    plan_year = plan_year_or_404(request.city)
    if _closed(request):
        return _refused_or_back(request)
    candidates = candidates_of(request, plan_year)
    if not candidates:
        return redirect("enrol", city_code=request.city.code)
    form, shown = PayForm(posted(request)), _account(request, plan_year, candidates)
    if form.is_valid():
        chosen = shown if pressed(request, "way", ["account", "company"]) == "account" else None
        try:
            return _place(request, plan_year, candidates, history=form.cleaned_data["history"], chosen=chosen)
        except HuiminError as error:
            form.refuse(error)
    context = {"candidates": candidates, "form": form, "step": 3, "plan_year": plan_year, "total": total_of(candidates)}
    context |= {"account": shown, "account_consent": ACCOUNT_CONSENT}
    return render(request, "resident/enrol_pay.html", context)


@resident_page(Action.ENROL)
@require_POST
def account(request: CityRequest) -> HttpResponse:
    """Have the bureau asked for the resident's account."""
    ask_for_account(request)
    return redirect("enrol-pay", city_code=request.city.code)


def _account(request: CityRequest, plan_year: PlanYearFacts, candidates: list[Candidate]) -> AccountShown:
    """What the resident's account can pay of this order."""
    offered = [(one, one.offer) for one in candidates if one.offer is not None]
    people = [(one.person, AskedFor(one.person, one.relation, offer.to_pay)) for one, offer in offered]
    return account_shown(request.city, request.resident, plan_year, people)


def _place(
    request: CityRequest,
    plan_year: PlanYearFacts,
    candidates: list[Candidate],
    *,
    history: bool,
    chosen: AccountShown | None,
) -> HttpResponse:
    """`chosen`: where the account is to pay what it can."""
    insured = [(candidate.person, candidate.relation) for candidate in candidates]
    if history:
        let_bureau_tell(actor=request.actor, applicant=request.resident, insured=insured, text=str(HISTORY_CONSENT))
    record_consent(actor=request.actor, resident=request.resident, kind="enrolment", text=str(CONSENT))
    named: dict[str, Any] = {
        "actor": request.actor,
        "plan_year": plan_year,
        "applicant": request.resident,
        "insured": insured,
        "editions": chosen_editions(request),
    }
    if chosen is not None and chosen.rule is not None and chosen.pays:
        of_account: dict[str, Any] = {
            "account_area": chosen.area,
            "rule": chosen.rule,
            "pays": chosen.pays_by_person or {},
        }
        placed = place_order_from_account(**named, **of_account)
    else:
        placed = place_order(**named)
    request.session.pop(EDITIONS, None)
    request.session.pop(DRAFT, None)
    request.placed_order = placed.order.reference
    return redirect(placed.payer_address or reverse("order", args=[request.city.code, placed.order.reference]))


def _who(request: CityRequest, form: PageForm, faults: Sequence[FieldFault] = ()) -> HttpResponse:
    """The page of step 1. `form`: the form whose faults are shown; `faults`: faults that belong to no form."""
    plan_year = plan_year_or_404(request.city)
    candidates = candidates_of(request, plan_year)
    context = {
        "candidates": candidates,
        "ready": bool(candidates) and not any(candidate.reasons for candidate in candidates),
        "total": total_of(candidates),
        "form": form,
        "relative": form if isinstance(form, RelativeForm) else _relative_form(),
        "faults": faults,
        "closed": _closed(request),
        "step": 1,
    }
    return render(request, "resident/enrol_who.html", context, status=422 if faults or form.errors else 200)


def _closed(request: CityRequest) -> bool:
    """Whether nobody can join today."""
    door = enrolment_door(request.city)
    return door is None or not door.offers


def _window_closed(request: CityRequest) -> HttpResponse:
    """The first step, with the sentence that nobody can join today."""
    return _who(request, _relative_form(), [FieldFault("", sentence("window_closed", {}))])


def _refused_or_back(request: CityRequest) -> HttpResponse:
    """The answer outside the enrolment window: a POST is refused with a sentence, a GET is led to step 1."""
    if request.method == "POST":
        return _window_closed(request)
    return redirect("enrol", city_code=request.city.code)
