"""The counter: somebody stands before the staff, who find them, tell them the key terms, and enrol them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import terms_of
from huimin.platform.counter.api import (
    Agreed,
    How,
    cash_of_order,
    consent_of_order,
    counter_orders,
    enrol_at_counter,
    find_at_counter,
    forgo_cash,
    in_till,
    send_code_from_counter,
    take_cash,
)
from huimin.platform.enrolment.api import (
    OrderFacts,
    check_eligibility,
    order_by_reference,
    payer_address,
    policies_of_order,
    refuse_impossible_relation,
    refused_people,
)
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.relations import Relation
from huimin.platform.people.api import NamedPerson, identity_ending, named_persons
from huimin.platform.servicing.api import epolicy
from huimin.platform.web import counter_draft as draft
from huimin.platform.web.days import page_language
from huimin.platform.web.downloads import pdf_shown
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.counter import HOW, AgreedForm, FindForm
from huimin.platform.web.forms.residents import CONSENT, RelativeForm
from huimin.platform.web.looking import looked
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.candidates import RELATIONS
from huimin.platform.web.views.resident import plan_year_or_404, qr, reason_sentence
from huimin.terms import key_terms, words_digest

__all__ = ["add", "code", "counter", "forgo", "order", "person", "policy", "remove", "take"]

_PURPOSE = "counter enrolment"


@staff_page(Action.SERVE_AT_COUNTER)
def counter(request: CityRequest) -> HttpResponse:
    """Find the person whose card lies on the counter; what this till has, and what was done here before."""
    form = FindForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            found = find_at_counter(actor=request.actor.with_purpose(_PURPOSE), **form.cleaned_data)
        except HuiminError as error:
            form.refuse(error, field="id_number")
        else:
            draft.begin(request, found)
            return redirect("counter-person")
    orders = counter_orders(request.city, request.actor.text)
    people = named_persons(request.city, {one.resident_id for one in orders})
    context = {
        "form": form,
        "orders": [(one, people[one.resident_id].name, HOW[one.how]) for one in orders],
        "till": in_till(request.city, request.actor.key),
    }
    return render(request, "staff/counter.html", context, status=422 if form.errors else 200)


@staff_page(Action.SERVE_AT_COUNTER)
def person(request: CityRequest) -> HttpResponse:
    """Who is insured, the key terms to read out, how the person agreed, and how they pay."""
    applicant = draft.applicant_of(request)
    if applicant is None:
        return redirect("counter")
    request.resident = applicant
    form = AgreedForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reference = _enrol(request, applicant, form)
        if reference:
            request.placed_order = reference
            return redirect("counter-order", reference=reference)
    return _person(request, applicant, form, _relative_form())


def _enrol(request: CityRequest, applicant: NamedPerson, form: PageForm) -> str:
    """The reference of the order that was placed; empty where it was refused, and the form says why."""
    plan_year, given = plan_year_or_404(request.city), form.cleaned_data
    if given["words"] != words_digest(key_terms(terms_of(plan_year).plan, page_language())):
        form.refuse_all(_("这些条款与刚才显示的文字不同，请再看一遍后确认。"))
        return ""
    agreed = Agreed(
        How(given["how"]),
        str(CONSENT),
        given["words"],
        page_language(),
        paper=given["paper"],
        check_id=draft.check_of(request),
        code=given["code"],
    )
    try:
        placed = enrol_at_counter(
            actor=request.actor.with_purpose(_PURPOSE),
            plan_year=plan_year,
            applicant=applicant,
            insured=draft.people_of(request),
            agreed=agreed,
            cash=given["pay"] == "cash",
        )
    except HuiminError as error:
        form.refuse(error, field="code" if given["how"] == "code" else "")
        return ""
    draft.end(request)
    return placed.order.reference


@staff_page(Action.SERVE_AT_COUNTER)
@require_POST
def add(request: CityRequest) -> HttpResponse:
    """Somebody of the family, by their card."""
    applicant, form = draft.applicant_of(request), _relative_form(request)
    if applicant is None:
        return redirect("counter")
    if form.is_valid():
        given = form.cleaned_data
        try:
            relation = Relation(given["relation"])
            found = find_at_counter(
                actor=request.actor.with_purpose(_PURPOSE), id_number=given["id_number"], name=given["name"]
            )
            refuse_impossible_relation(applicant, found, relation)
        except HuiminError as error:
            form.refuse(error, field="relation" if error.code == "relation_impossible" else "id_number")
        else:
            draft.add_person(request, found, relation)
            return redirect("counter-person")
    return _person(request, applicant, AgreedForm(), form)


@staff_page(Action.SERVE_AT_COUNTER)
@require_POST
def remove(request: CityRequest, resident_id: int) -> HttpResponse:
    draft.drop_person(request, resident_id)
    return redirect("counter-person")


@staff_page(Action.SERVE_AT_COUNTER)
@require_POST
def code(request: CityRequest) -> HttpResponse:
    """A code to the person's own telephone."""
    applicant = draft.applicant_of(request)
    if applicant is None:
        return redirect("counter")
    try:
        actor = request.actor.with_purpose(_PURPOSE)
        draft.remember_check(request, send_code_from_counter(actor=actor, resident=applicant))
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    else:
        messages.success(request, _("验证码已发到本人手机，请本人同意后读出。"))
    return redirect("counter-person")


def _relative_form(request: CityRequest | None = None) -> RelativeForm:
    relations = [(one, name) for one, name in RELATIONS.items() if one != Relation.SELF]
    return RelativeForm(posted(request) if request is not None else None, relations=relations)


def _person(request: CityRequest, applicant: NamedPerson, form: PageForm, relative: PageForm) -> HttpResponse:
    plan_year, people = plan_year_or_404(request.city), draft.people_of(request)
    results = check_eligibility(city=request.city, plan_year=plan_year, residents=[one for one, _relation in people])
    shown = [
        (
            one,
            RELATIONS[relation],
            results[one.id].offer,
            [reason_sentence(reason) for reason in results[one.id].reasons],
        )
        for one, relation in people
    ]
    terms = key_terms(terms_of(plan_year).plan, page_language())
    total = sum(offer.to_pay for _one, _relation, offer, reasons in shown if offer is not None and not reasons)
    context: dict[str, Any] = {
        "applicant": applicant,
        "ending": identity_ending(request.city, applicant.id),
        "people": shown,
        "ready": bool(shown) and not any(reasons for *_rest, reasons in shown),
        "total": total,
        "terms": terms,
        "digest": words_digest(terms),
        "consent": CONSENT,
        "form": form if form.errors or not relative.errors else relative,
        "agreed": form,
        "relative": relative,
        "sent": bool(draft.check_of(request)),
    }
    return render(request, "staff/counter_person.html", context, status=422 if context["form"].errors else 200)


@staff_page(Action.SERVE_AT_COUNTER)
def order(request: CityRequest, reference: str) -> HttpResponse:
    """What the order waits for: the bureau, cash, or a payment by telephone; and its policies to print."""
    found = _order_or_404(request, reference)
    looked(request, Action.SERVE_AT_COUNTER, "counter_order_opened", f"order:{reference}", _PURPOSE)
    why = refused_people(found)
    policies = policies_of_order(found)
    people = named_persons(request.city, {*why, found.applicant_id, *(one.insured_id for one in policies)})
    request.resident = people[found.applicant_id]
    cash = cash_of_order(request.city, reference)
    pay_at = payer_address(found) if found.status == "waiting" and not cash else ""
    consent = consent_of_order(request.city, reference)
    context = {
        "order": found,
        "applicant": people[found.applicant_id],
        "consent": consent,
        "how": HOW[consent.how] if consent is not None else "",
        "refused": [(people[one].name, reason_sentence(reason)) for one, reason in why.items()],
        "policies": [(one, people[one.insured_id].name) for one in policies],
        "cash": sum(fen for _till, state, fen in cash if state == "expected"),
        "own_till": all(till == request.actor.key for till, _state, _fen in cash),
        "taken": sum(fen for _till, state, fen in cash if state in ("taken", "used")),
        "pay_at": pay_at,
        "qr": qr(request.build_absolute_uri(pay_at)) if pay_at else "",
    }
    return render(request, "staff/counter_order.html", context)


@staff_page(Action.TAKE_CASH)
@require_POST
def take(request: CityRequest, reference: str) -> HttpResponse:
    try:
        take_cash(actor=request.actor, order=reference)
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    else:
        messages.success(request, _("已收款，正在出具保单。"))
    return redirect("counter-order", reference=reference)


@staff_page(Action.TAKE_CASH)
@require_POST
def forgo(request: CityRequest, reference: str) -> HttpResponse:
    try:
        forgo_cash(actor=request.actor, order=reference)
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    else:
        messages.success(request, _("订单已取消，没有收款。"))
    return redirect("counter-order", reference=reference)


@staff_page(Action.SERVE_AT_COUNTER)
def policy(request: CityRequest, reference: str, number: str) -> HttpResponse:
    """The e-policy, for printing."""
    found = next((one for one in policies_of_order(_order_or_404(request, reference)) if one.number == number), None)
    if found is None:
        raise Http404
    looked(request, Action.SERVE_AT_COUNTER, "counter_policy_printed", f"policy:{number}", _PURPOSE)
    return pdf_shown(epolicy(found), number)


def _order_or_404(request: CityRequest, reference: str) -> OrderFacts:
    """An order that was placed at a counter of this city."""
    found = order_by_reference(request.city, reference)
    if found is None or consent_of_order(request.city, reference) is None:
        raise Http404
    return found
