"""What would I get: a bill's amounts in, the payment and its steps out. Nothing is kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from huimin.adjudication import explain
from huimin.errors import InputError, Refusal
from huimin.platform.catalogue.selectors import terms_of
from huimin.platform.web.calculating import decide, questions_for
from huimin.platform.web.days import page_language
from huimin.platform.web.explaining import explanation_context
from huimin.platform.web.faults import FieldFault, fault_of
from huimin.platform.web.sentences import refusal_sentence
from huimin.platform.web.session import CityRequest, city_page
from huimin.platform.web.views.resident import plan_year_or_404

__all__ = ["calculator"]


@city_page
def calculator(request: CityRequest) -> HttpResponse:
    """The form; once it was sent, the answer with its steps stands above it, where the eye is."""
    terms, language = terms_of(plan_year_or_404(request.city)), page_language()
    given = {name: str(value).strip() for name, value in request.POST.items()}
    context: dict[str, object] = {"given": given, "questions": questions_for(terms, given, language)}
    if request.method == "POST":
        try:
            decision = decide(terms, given)
        except InputError as error:
            context["faults"] = [fault_of(error, field=error.values.get("field", ""))]
        else:
            if isinstance(decision, Refusal):
                context["faults"] = [FieldFault("", refusal_sentence(decision))]
            else:
                explanation = explain(terms.program, decision)
                context |= explanation_context(explanation, terms.names(language), language)
                context["explanation"] = explanation
    return render(request, "resident/calculator.html", context)
