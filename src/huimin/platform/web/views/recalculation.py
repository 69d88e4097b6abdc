"""For the lead insurer: recalculate a cover year, and see who would be paid more or less."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import plan_year_by_id, terms_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import areas
from huimin.platform.recalculation.api import (
    RecalculationFacts,
    latest_recalculations,
    recalculation_by_id,
    request_recalculation,
)
from huimin.platform.web.days import page_language
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.plans import PlanForm
from huimin.platform.web.sentences import task_sentence
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.resident import plan_year_or_404

__all__ = ["one", "recalculations"]


@staff_page(Action.RECALCULATE)
def recalculations(request: CityRequest) -> HttpResponse:
    """The latest recalculations, and the terms in a form to correct them and start another."""
    plan_year = plan_year_or_404(request.city)
    form = PlanForm(posted(request), initial={"text": plan_year.plan_text, "sources": plan_year.sources_text})
    if form.is_valid():
        try:
            found = request_recalculation(
                actor=request.actor,
                plan_year=plan_year,
                plan_text=form.cleaned_data["text"],
                sources_text=form.cleaned_data["sources"],
            )
        except HuiminError as error:
            form.refuse(error, field="text")
        else:
            return redirect("recalculation", recalculation_id=found)
    found_list = latest_recalculations(request.city, plan_year, page_number(request.GET.get("page")))
    context = {"form": form, "list": found_list, "sold": plan_year.plan_digest}
    return render(request, "staff/recalculations.html", context)


@staff_page(Action.RECALCULATE)
def one(request: CityRequest, recalculation_id: int) -> HttpResponse:
    """The progress of a recalculation; once it is done, its result."""
    found = recalculation_by_id(request.city, recalculation_id)
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "found": found,
        "sold": plan_year_by_id(request.city, found.plan_year_id).plan_digest,
        "said": task_sentence(found.task),
    }
    if found.summary is not None:
        context |= _result(request.city, found)
    return render(request, "staff/recalculation.html", context)


def _result(city: City, found: RecalculationFacts) -> dict[str, Any]:
    language, rows = page_language(), found.changes
    names = {
        "benefit": terms_of(plan_year_by_id(city, found.plan_year_id)).plan.benefit_names(language),
        "area": {area.code: area.name(language) for area in areas(city)},
        "age": {"unknown": _("不详")},
    }
    groups = [
        {
            "by": by,
            "title": title,
            "column": column,
            "rows": [(names[by].get(row.value, row.value), row) for row in rows if row.by == by],
        }
        for by, title, column in (
            ("benefit", _("按责任"), _("责任")),
            ("age", _("按年龄"), _("年龄")),
            ("area", _("按统筹区"), _("统筹区")),
        )
    ]
    apart = [
        {"name": names["benefit"].get(row.value, row.value), "standing": standing, "before": row.before}
        for row in rows
        if row.by == "benefit" and row.before != (standing := found.standing.get(row.value, 0))
    ]
    return {
        "total": next(row for row in rows if row.by == "plan"),
        "groups": [group for group in groups if group["rows"]],
        "undecided": [
            {
                "name": names["benefit"].get(row.value, row.value),
                "sold": row.undecided_before,
                "these": row.undecided_after,
            }
            for row in rows
            if row.by == "benefit" and (row.undecided_before or row.undecided_after)
        ],
        "agrees": not apart,
        "apart": apart,
    }
