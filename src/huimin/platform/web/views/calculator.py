"""What would I get: a bill's amounts in, the payment and its steps out. Nothing is kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huimin.adjudication import explain
from huimin.errors import InputError, Refusal
from huimin.platform.catalogue.selectors import terms_of
from huimin.platform.web.calculating import decide, questions_for
from huimin.platform.web.explaining import explanation_context
from huimin.platform.web.session import CityRequest, city_page
from huimin.platform.web.templatetags.huimin import page_language
from huimin.platform.web.views.resident import plan_year_or_404
from huimin.platform.web.words import REASON_WORDS

__all__ = ["calculator"]


@city_page
def calculator(request: CityRequest) -> HttpResponse:
    """The form, and below it the answer with its steps."""
    terms, language = terms_of(plan_year_or_404(request.city)), page_language()
    given = {name: str(value).strip() for name, value in request.POST.items()}
    context: dict[str, object] = {"given": given, "questions": questions_for(terms, given, language)}
    if request.method == "POST":
        try:
            decision = decide(terms, given)
        except InputError:
            context["fault"] = _("数字无法读出；金额请填写如 50000 或 50000.00，年龄和天数请填写整数。")
        else:
            if isinstance(decision, Refusal):
                context["fault"] = REASON_WORDS.get(decision.code, decision.reason)
            else:
                explanation = explain(terms.program, decision)
                context |= explanation_context(explanation, terms.names(language), language)
                context["explanation"] = explanation
    return render(request, "resident/calculator.html", context)
