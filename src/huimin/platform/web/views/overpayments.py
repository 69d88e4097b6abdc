"""What is owed back of claims: policy by policy, with the last day, and waiving by two people."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.platform.foundation.paging import cut, page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.payouts.api import agree_to_waiver, open_debts, propose_waiver, proposed_waivers
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import DoingForm
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.two_people import buttons, carried_out, doings, form_of_row

__all__ = ["overpayment", "overpayments"]


@staff_page(Action.SEE_PAYOUTS)
def overpayments(request: CityRequest) -> HttpResponse:
    """What is due first before the rest, page by page."""
    return _listed(request, None)


def _listed(request: CityRequest, sent: DoingForm | None) -> HttpResponse:
    found = cut(open_debts(request.city), page_number(request.GET.get("page")))
    proposed = proposed_waivers(request.city, [one.policy_number for one in found])
    rows = [
        {
            "debt": one,
            "proposal": proposed.get(one.policy_number),
            "buttons": _buttons(request, proposed=one.policy_number in proposed),
            "form": form_of_row(one.policy_number, _DOINGS, sent),
        }
        for one in found
    ]
    context = {"rows": rows, "list": found, "total": found.total, "form": sent}
    return render(request, "staff/overpayments.html", context, status=422 if sent is not None else 200)


def _buttons(request: CityRequest, *, proposed: bool) -> list[tuple[str, str]]:
    return buttons(request, Action.WAIVE_OVERPAYMENT, Action.AGREE_TO_WAIVER, _("提请免予退还"), proposed=proposed)


@staff_page(Action.WAIVE_OVERPAYMENT, Action.AGREE_TO_WAIVER)
@require_POST
def overpayment(request: CityRequest, policy_number: str) -> HttpResponse:
    """One of the buttons of `_buttons`, with a note."""
    form = DoingForm(posted(request), at=policy_number, doings=_DOINGS)
    return carried_out(request, form, _DOINGS, _listed, "overpayments")


_DOINGS = doings(
    lambda request, which, note: propose_waiver(actor=request.actor, policy_number=which, note=note),
    lambda request, which, agrees, note: agree_to_waiver(
        actor=request.actor, policy_number=which, agrees=agrees, note=note
    ),
    gettext_lazy("已同意，不再要求退还。"),
)
