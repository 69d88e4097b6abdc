"""The counter: somebody stands before the staff, who find them, tell them the key terms, and enrol them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import terms_of
from huimin.platform.counter.api import (
    Agreed,
    FromAccount,
    How,
    ask_balance_at_counter,
    counter_orders,
    enrol_at_counter,
    find_at_counter,
    in_till,
    send_code_from_counter,
)
from huimin.platform.enrolment.api import (
    Eligibility,
    check_eligibility,
    refuse_impossible_relation,
)
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.relations import Relation
from huimin.platform.payments.api import AskedFor
from huimin.platform.people.api import NamedPerson, identity_ending, named_persons
from huimin.platform.web import counter_draft as draft
from huimin.platform.web.account_paying import COUNTER_ACCOUNT_CONSENT, AccountShown, account_shown
from huimin.platform.web.days import page_language
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.counter import HOW, AgreedForm, FindForm, LookAtAccountForm
from huimin.platform.web.forms.residents import CONSENT, RelativeForm
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.candidates import RELATIONS
from huimin.platform.web.views.resident import plan_year_or_404, reason_sentence
from huimin.terms import key_terms, words_digest

__all__ = ["account", "add", "code", "counter", "person", "remove"]

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
    eligible = _eligible(request)
    account = _account(request, applicant, eligible)
    form = _agreed_form(request, account)
    if request.method == "POST" and form.is_valid():
        reference = _enrol(request, applicant, form, account)
        if reference:
            request.placed_order = reference
            return redirect("counter-order", reference=reference)
        # What stands in the way may have come since: it is looked at again.
        return _person(request, applicant, form)
    return _shown(request, applicant, form, eligible, account)


def _enrol(request: CityRequest, applicant: NamedPerson, form: PageForm, account: AccountShown) -> str:
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
            cash=given["pay"] in ("cash", "account_cash"),
            account=_from_account(account) if given["pay"].startswith("account") else None,
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
    return _person(request, applicant, form)


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


@staff_page(Action.SERVE_AT_COUNTER)
@require_POST
def account(request: CityRequest) -> HttpResponse:
    """Have the bureau asked for the person's account: they agreed on paper."""
    applicant, form = draft.applicant_of(request), LookAtAccountForm(posted(request), at="account")
    if applicant is None:
        return redirect("counter")
    if not form.is_valid():
        return _person(request, applicant, form)
    actor, how = request.actor.with_purpose(_PURPOSE), How(form.cleaned_data["how"])
    ask_balance_at_counter(
        actor=actor,
        resident=applicant,
        how=how,
        paper=form.cleaned_data["paper"],
        words=str(COUNTER_ACCOUNT_CONSENT),
    )
    draft.remember_balance_asked(request)
    return redirect("counter-person")


def _eligible(request: CityRequest) -> list[tuple[NamedPerson, Relation, Eligibility]]:
    """Whom the person insures, and whether each may join."""
    plan_year, people = plan_year_or_404(request.city), draft.people_of(request)
    found = check_eligibility(city=request.city, plan_year=plan_year, residents=[one for one, _relation in people])
    return [(one, relation, found[one.id]) for one, relation in people]


def _account(
    request: CityRequest, applicant: NamedPerson, eligible: Sequence[tuple[NamedPerson, Relation, Eligibility]]
) -> AccountShown:
    """What the person's account can pay of the order; nothing of it before they agreed here."""
    if not draft.asked_balance(request):
        return AccountShown("none")
    offers = [(one, relation, result.offer) for one, relation, result in eligible]
    asked = [(one, AskedFor(one, relation, offer.to_pay)) for one, relation, offer in offers if offer is not None]
    return account_shown(request.city, applicant, plan_year_or_404(request.city), asked)


def _from_account(shown: AccountShown) -> FromAccount | None:
    if shown.rule is None or not shown.pays:
        return None
    return FromAccount(shown.area, shown.rule, shown.pays_by_person or {})


def _agreed_form(request: CityRequest | None, shown: AccountShown) -> AgreedForm:
    data = posted(request) if request is not None else None
    return AgreedForm(data, account=shown.pays, rest=shown.rest)


def _relative_form(request: CityRequest | None = None) -> RelativeForm:
    relations = [(one, name) for one, name in RELATIONS.items() if one != Relation.SELF]
    return RelativeForm(posted(request) if request is not None else None, relations=relations)


def _person(request: CityRequest, applicant: NamedPerson, form: PageForm) -> HttpResponse:
    """`form`: the one that was sent; the others are empty."""
    eligible = _eligible(request)
    return _shown(request, applicant, form, eligible, _account(request, applicant, eligible))


def _shown(
    request: CityRequest,
    applicant: NamedPerson,
    form: PageForm,
    eligible: Sequence[tuple[NamedPerson, Relation, Eligibility]],
    account: AccountShown,
) -> HttpResponse:
    agreed = form if isinstance(form, AgreedForm) else _agreed_form(None, account)
    relative = form if isinstance(form, RelativeForm) else _relative_form()
    look = form if isinstance(form, LookAtAccountForm) else LookAtAccountForm(at="account")
    shown = [
        (one, RELATIONS[relation], result.offer, [reason_sentence(reason) for reason in result.reasons])
        for one, relation, result in eligible
    ]
    terms = key_terms(terms_of(plan_year_or_404(request.city)).plan, page_language())
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
        "form": form,
        "agreed": agreed,
        "relative": relative,
        "account": account,
        "account_consent": COUNTER_ACCOUNT_CONSENT,
        "look": look,
        "sent": bool(draft.check_of(request)),
    }
    return render(request, "staff/counter_person.html", context, status=422 if context["form"].errors else 200)
