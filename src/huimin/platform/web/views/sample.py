"""The sample of automatic decisions: what waits, and one bill with the steps of its decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.platform.claims.api import (
    SampleAnswer,
    Sampled,
    answer_sampled,
    claim_detail,
    sampled_bill,
    sampled_bills,
    samples_open,
)
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.web.days import page_language
from huimin.platform.web.explaining import explanation_context
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import SampleForm
from huimin.platform.web.looking import looked
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["sample", "sampled"]

_PURPOSE = "sample of decisions"


@staff_page(Action.SEE_SAMPLE)
def sample(request: CityRequest) -> HttpResponse:
    """Those that wait first, by numbers alone."""
    found = sampled_bills(request.city, page_number(request.GET.get("page")))
    context = {"rows": found.rows, "list": found, "open": samples_open(request.city)}
    return render(request, "staff/sample.html", context)


@staff_page(Action.SEE_SAMPLE)
def sampled(request: CityRequest, sampled_id: int) -> HttpResponse:
    """One bill: how it was decided, step by step, and whether that is right."""
    found = sampled_bill(request.city, sampled_id)
    if found is None:
        raise Http404
    looked(request, Action.SEE_SAMPLE, "sampled_bill_opened", f"sampled_bill:{found.id}", _PURPOSE)
    form = SampleForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            answer = SampleAnswer(form.cleaned_data["answer"])
            answer_sampled(actor=request.actor, sampled_id=found.id, answer=answer, note=form.cleaned_data["note"])
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已记录认定。"))
            return redirect("sample")
    return render(request, "staff/sampled.html", _context(request, found, form), status=422 if form.errors else 200)


def _context(request: CityRequest, found: Sampled, form: SampleForm) -> dict[str, Any]:
    detail, language = claim_detail(request.city, found.fact_id), page_language()
    context: dict[str, Any] = {
        "sampled": found,
        "detail": detail,
        "form": form,
        "answers": not found.answer and admits(request.actor, Action.ANSWER_SAMPLE),
    }
    if detail is not None and detail.explanation is not None:
        context |= explanation_context(detail.explanation, detail.terms.names(language), language)
    return context
