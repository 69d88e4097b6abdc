"""An order that was placed at a counter: what it waits for, its cash, and its policies to print."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.counter.api import (
    cash_of_order,
    consent_of_order,
    forgo_cash,
    take_cash,
)
from huimin.platform.enrolment.api import (
    OrderFacts,
    means_of_order,
    order_by_reference,
    payer_address,
    policies_of_order,
    refused_people,
)
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import named_persons
from huimin.platform.servicing.api import epolicy
from huimin.platform.web.downloads import pdf_shown
from huimin.platform.web.forms.counter import HOW
from huimin.platform.web.looking import looked
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.resident import qr, reason_sentence

__all__ = ["forgo", "order", "policy", "take"]

_PURPOSE = "counter enrolment"


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
        "means": [one for one in means_of_order(found) if one.kind != "cash"],
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
