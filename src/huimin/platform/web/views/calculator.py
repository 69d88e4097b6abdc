"""The calculator: from the amounts of a bill to what the plan would pay, step by step. Nothing is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from huimin.adjudication import explain
from huimin.errors import Refusal
from huimin.platform.catalogue.api import Terms, terms_of
from huimin.platform.web.calculating import decide
from huimin.platform.web.context import is_large
from huimin.platform.web.days import page_language
from huimin.platform.web.explaining import explanation_context
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.buttons import StepForm
from huimin.platform.web.forms.calculator import CalculatorForm, Step, steps_of
from huimin.platform.web.sentences import refusal_sentence
from huimin.platform.web.session import CityRequest, city_page
from huimin.platform.web.views.resident import plan_year_or_404

__all__ = ["calculator"]


@city_page
def calculator(request: CityRequest) -> HttpResponse:
    """The form. After it was sent, the answer stands above it, so that a phone shows it without scrolling.

    In elderly mode one question is asked at a time. `step` is the number of the one that was answered, and `go` says
    whether its reader wants to go `on`, `back`, or to `start` from the first question with the answers kept.
    """
    terms = terms_of(plan_year_or_404(request.city))
    form = CalculatorForm(posted(request), terms=terms, language=page_language())
    if is_large(request):
        return _one_question(request, terms, form)
    return render(request, "resident/calculator.html", {"form": form, **_answered(terms, form)})


def _answered(terms: Terms, form: CalculatorForm) -> dict[str, Any]:
    """What the page shows of the answer. Empty where there is no answer; the form then says why."""
    if not form.is_valid():
        return {}
    decision = decide(terms, form.cleaned_data)
    if isinstance(decision, Refusal):
        form.refuse_all(refusal_sentence(decision))
        return {}
    language = page_language()
    explanation = explain(terms.program, decision)
    return {"explanation": explanation, **explanation_context(explanation, terms.names(language), language)}


def _one_question(request: CityRequest, terms: Terms, form: CalculatorForm) -> HttpResponse:
    steps = steps_of(form)
    taken = StepForm(posted(request), last=len(steps))
    # A form without `step` was shown whole, so all of its questions were answered.
    sent, go = int(taken.sent("step") or len(steps)), taken.sent("go")
    faulty = next((step for step in steps if any(row.errors for row in step.rows)), None) if form.is_bound else None
    if not form.is_bound or go == "start":
        return _ask(request, form, 1)
    if go == "back":
        return _ask(request, form, max(sent - 1, 1))
    if faulty is not None and faulty.number <= sent:
        return _page(request, faulty, form)
    if sent < len(steps):
        return _ask(request, form, sent + 1)
    answer = _answered(terms, form)
    return _page(request, steps[0], form, **answer)


def _ask(request: CityRequest, form: CalculatorForm, number: int) -> HttpResponse:
    """Show a question that was not answered yet: earlier answers are kept, and no faults are shown."""
    open_form = form.opened()
    return _page(request, steps_of(open_form)[number - 1], open_form)


def _page(request: CityRequest, step: Step, form: CalculatorForm, **answer: Any) -> HttpResponse:
    return render(request, "resident/calculator_step.html", {"step": step, "form": form, **answer})
