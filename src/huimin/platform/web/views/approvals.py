"""Proposals that wait for a second person, with what they would change. Held bills have this on their own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.foundation.approvals.selectors import open_proposals
from huimin.platform.foundation.approvals.services import answer_proposal
from huimin.platform.foundation.limits import USE_CASE
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.web.approval_words import ANSWERED
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import ApprovalForm
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["approval", "approvals"]

_USE_CASES = {USE_CASE: gettext_lazy("提高须复核的金额")}


@staff_page(Action.SEE_APPROVALS)
def approvals(request: CityRequest) -> HttpResponse:
    """The proposals that nobody has answered, the oldest first."""
    return _approvals(request, None)


@staff_page(Action.AGREE_TO_LIMIT)
@require_POST
def approval(request: CityRequest, approval_id: int) -> HttpResponse:
    form = ApprovalForm(posted(request), at=approval_id)
    if not form.is_valid():
        return _approvals(request, form)
    agrees, note = form.cleaned_data["answer"] == "agree", form.cleaned_data["note"]
    try:
        answered = answer_proposal(actor=request.actor, approval_id=approval_id, agrees=agrees, reason=note)
    except HuiminError as error:
        form.refuse(error)
        return _approvals(request, form)
    messages.success(request, ANSWERED[answered.answer])
    return redirect("approvals")


def _approvals(request: CityRequest, sent: ApprovalForm | None) -> HttpResponse:
    """`sent`: the form of one proposal that was refused, to be shown with its faults."""
    found = open_proposals(request.city, list(_USE_CASES), page_number(request.GET.get("page")))
    shown = [
        (
            proposal,
            _USE_CASES[proposal.use_case],
            sent if sent is not None and sent.at == proposal.id else ApprovalForm(at=proposal.id),
        )
        for proposal in found
    ]
    return render(request, "staff/approvals.html", {"proposals": shown, "list": found, "form": sent})
