"""For designers: a plan file's faults, its terms in plain words, what it pays, and how it differs from another plan."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huimin.adjudication import payment_curves
from huimin.errors import HuiminError
from huimin.money import format_yuan_grouped
from huimin.platform.foundation.permissions import Action
from huimin.platform.web.days import page_language
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.plans import CatalogueForm, DesignForm
from huimin.platform.web.session import CityRequest, staff_page
from huimin.terms import Plan, compare, condition_in_words, find_plan, load_plan_text, plan_names, plan_texts, summarise

__all__ = ["designer"]

_STEPS = 60
_FURTHEST = 400_000_00
"""Costs are drawn up to 400,000 yuan: beyond the last tier of every plan in the catalogue, below the limits."""


@staff_page(Action.DESIGN_PLAN)
def designer(request: CityRequest) -> HttpResponse:
    """`?plan=` opens a plan of the catalogue. A plan file that is sent is checked and not kept."""
    names = plan_names()
    name = request.GET.get("plan", "")
    chosen = name if name in names else names[0]
    text, sources = plan_texts(chosen)
    plans = [(one, one) for one in names]
    opened = {"text": text, "sources": sources, "against": ""}
    form = DesignForm(posted(request), initial=opened, plans=plans)
    context: dict[str, Any] = {"form": form, "catalogue": CatalogueForm(initial={"plan": chosen}, plans=plans)}
    given = form.cleaned_data if form.is_valid() else opened
    if not form.errors:
        try:
            context |= _looked_at(**given)
        except HuiminError as error:
            form.refuse(error, field="text")
    return render(request, "staff/designer.html", context)


def _looked_at(text: str, sources: str, against: str) -> dict[str, Any]:
    """What the page shows about a plan file. Raises PlanFaults."""
    language = page_language()
    plan = load_plan_text(text, sources, "plan.toml").plan
    found: dict[str, Any] = {"words": summarise(plan, language), "charts": _charts(plan, language), "against": against}
    if against:
        differences = compare(find_plan(against).plan, plan, language)
        grouped = groupby(differences, key=lambda difference: difference.heading)
        found["differences"] = [(heading, list(lines)) for heading, lines in grouped]
    return found


def _charts(plan: Plan, language: str) -> list[dict[str, Any]]:
    costs = [_FURTHEST * step // _STEPS for step in range(_STEPS + 1)]
    names = plan.names(language)
    titles = {benefit.id: benefit.name.in_language(language) for benefit in plan.benefit}
    charts = []
    for benefit, curves in groupby(payment_curves(plan, costs), key=lambda curve: curve.benefit):
        series = [
            {
                "name": condition_in_words(curve.when, names, language) if curve.when else _("一般情形"),
                "values": [payment / 100 for payment in curve.payments],
                "texts": [format_yuan_grouped(payment) for payment in curve.payments],
            }
            for curve in curves
        ]
        charts.append(
            {
                "id": f"curve-{benefit}",
                "kind": "line",
                "title": titles[benefit],
                "labels": [format_yuan_grouped(cost).removesuffix(".00") for cost in costs],
                "series": series,
                "unit": _("元"),
                "column": _("全年费用（元）"),
            }
        )
    return charts
