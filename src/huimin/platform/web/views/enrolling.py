"""Enrolment in three steps: who, what it covers and what not, pay. Each can be gone back to without loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.disclosure.api import agreed_to_cover
from huimin.platform.enrolment.api import (
    Offer,
    check_eligibility,
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
from huimin.platform.subsidies.api import FundFacts, funds_by_code
from huimin.platform.web.account_paying import ACCOUNT_CONSENT, AccountShown, account_shown, ask_for_account
from huimin.platform.web.days import page_language
from huimin.platform.web.doors import enrolment_door
from huimin.platform.web.draft import DRAFT, draft_of, drop_from_draft, persons_in_draft
from huimin.platform.web.faults import FieldFault
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.residents import CONSENT, HISTORY_CONSENT, EditionForm, PayForm, RelativeForm
from huimin.platform.web.policy_words import other_cover_in_words
from huimin.platform.web.sentences import sentence
from huimin.platform.web.session import CityRequest, resident_page
from huimin.platform.web.views.agreeing import is_adult_of_family
from huimin.platform.web.views.resident import plan_year_or_404, reason_sentence
from huimin.settlement.names import check_name
from huimin.terms import Edition, summarise

__all__ = ["account", "add", "edition", "pay", "remove", "terms", "who"]

RELATIONS = {
    Relation.SELF: gettext_lazy("本人"),
    Relation.SPOUSE: gettext_lazy("配偶"),
    Relation.PARENT: gettext_lazy("父母"),
    Relation.CHILD: gettext_lazy("子女"),
}
_EDITIONS = "enrolment_editions"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person in the draft of an order, and the reasons why they may not join, if any."""

    person: NamedPerson
    relation: Relation
    reasons: list[str]
    codes: tuple[str, ...]
    """The same, as codes."""
    offer: Offer | None
    """Price and first and last day of cover, if the order is paid today."""
    edition_form: EditionForm | None
    """To choose the edition; None where the plan has none."""
    funders: list[tuple[str, int]] = field(default_factory=list)
    """The names of the funds that pay for this person, each with its fen."""
    consent: str = ""
    """Of an adult other than the payer: `code` or `declared` where they agreed, `open` where they have not yet."""

    @property
    def other_cover(self) -> list[str]:
        """What the person has already for the same days, in sentences."""
        return [other_cover_in_words(one) for one in (self.offer.other_cover if self.offer is not None else ())]

    @property
    def advised(self) -> bool:
        """Whether the payer is advised not to join this person."""
        return "not_insured" in self.codes

    @property
    def relation_name(self) -> str:
        return str(RELATIONS[self.relation])


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
    form = _relative_form(request.POST)
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
        raise HuiminError("nobody of this number and name is in the register", code="not_in_register")
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
    form = _edition_form(request, plan_year_or_404(request.city), resident_id)
    if form is not None and not form.is_valid():
        return _who(request, form)
    if form is not None:
        chosen = {str(number): name for number, name in _editions(request).items()}
        request.session[_EDITIONS] = {**chosen, str(resident_id): form.cleaned_data["edition"]}
    return redirect("enrol", city_code=request.city.code)


def _edition_form(request: CityRequest, plan_year: PlanYearFacts, resident_id: int) -> EditionForm | None:
    """The form of one person's edition, bound where it was sent; None where the plan has no editions."""
    editions = [(edition.id, edition.name.in_language(page_language())) for edition in _plan_editions(plan_year)]
    chosen = {"edition": _editions(request).get(resident_id, "")}
    at = request.resolver_match
    sent = at is not None and at.url_name == "enrol-edition" and at.kwargs["resident_id"] == resident_id
    data = posted(request) if sent else None
    return EditionForm(data, initial=chosen, editions=editions, at=resident_id) if editions else None


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
    candidates = _candidates(request, plan_year)
    if not candidates:
        return redirect("enrol", city_code=request.city.code)
    form, shown = PayForm(posted(request)), _account(request, plan_year, candidates)
    if form.is_valid():
        chosen = shown if request.POST.get("way") == "account" else None
        try:
            return _place(request, plan_year, candidates, history=form.cleaned_data["history"], chosen=chosen)
        except HuiminError as error:
            form.refuse(error)
    context = {"candidates": candidates, "form": form, "step": 3, "plan_year": plan_year, "total": _total(candidates)}
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
    return account_shown(request, plan_year, people)


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
        "editions": _editions(request),
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
    request.session.pop(_EDITIONS, None)
    request.session.pop(DRAFT, None)
    request.placed_order = placed.order.reference
    return redirect(placed.payer_address or reverse("order", args=[request.city.code, placed.order.reference]))


def _who(request: CityRequest, form: PageForm, faults: Sequence[FieldFault] = ()) -> HttpResponse:
    """The page of step 1. `form`: the form whose faults are shown; `faults`: faults that belong to no form."""
    plan_year = plan_year_or_404(request.city)
    candidates = _candidates(request, plan_year)
    context = {
        "candidates": candidates,
        "ready": bool(candidates) and not any(candidate.reasons for candidate in candidates),
        "total": _total(candidates),
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


def _candidates(request: CityRequest, plan_year: PlanYearFacts) -> list[Candidate]:
    draft, people = draft_of(request), persons_in_draft(request)
    funds = funds_by_code(request.city)
    results = check_eligibility(city=request.city, plan_year=plan_year, residents=people, editions=_editions(request))
    consents = _consents(request, plan_year, people)
    return [
        Candidate(
            person,
            Relation(draft[str(person.id)]),
            [reason_sentence(reason) for reason in results[person.id].reasons],
            results[person.id].reasons,
            results[person.id].offer,
            _edition_form(request, plan_year, person.id),
            _funders(results[person.id].offer, funds),
            consents.get(person.id, ""),
        )
        for person in people
    ]


def _consents(request: CityRequest, plan_year: PlanYearFacts, people: Sequence[NamedPerson]) -> dict[int, str]:
    """How far each adult other than the payer has agreed. No statement where there is none."""
    adults = [person.id for person in people if is_adult_of_family(request, person)]
    agreed = agreed_to_cover(request.city, plan_year.id, request.resident.id, adults) if adults else {}
    return {one: str(agreed[one]) if one in agreed else "open" for one in adults}


def _funders(offer: Offer | None, funds: Mapping[str, FundFacts]) -> list[tuple[str, int]]:
    paid = offer.by_funds if offer is not None else {}
    return [(funds[code].name(page_language()), fen) for code, fen in paid.items()]


def _total(candidates: list[Candidate]) -> int:
    """What the payer pays for those who may join, in fen."""
    return sum(candidate.offer.to_pay for candidate in candidates if candidate.offer is not None)


def _editions(request: CityRequest) -> dict[int, str]:
    """The edition that was chosen for each person of the draft, by resident id."""
    chosen: dict[str, str] = request.session.get(_EDITIONS, {})
    return {int(resident_id): edition for resident_id, edition in chosen.items()}


def _plan_editions(plan_year: PlanYearFacts) -> tuple[Edition, ...]:
    return terms_of(plan_year).plan.edition
