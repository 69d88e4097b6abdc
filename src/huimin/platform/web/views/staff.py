"""Staff pages: the first one, insurer, bureau and administrator."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.claims.api import FEWEST_UNSETTLED, WATCHED_DAYS
from huimin.platform.foundation.authorising import may
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import clients, latest_events
from huimin.platform.foundation.services import set_demonstration_day
from huimin.platform.ledger.api import ask_for_check, books_check
from huimin.platform.oversight.api import Overview, insurer_figures, overview
from huimin.platform.pool.api import refuse_closed_day
from huimin.platform.seals.api import head_of
from huimin.platform.web.days import page_language
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import DayForm
from huimin.platform.web.looking import looked
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.resident import plan_year_or_404
from huimin.platform.web.work import work_of

__all__ = [
    "administration",
    "bureau",
    "calendar",
    "door",
    "insurer",
    "verify",
]


@staff_page(Action.OPEN_STAFF_DOOR)
def door(request: CityRequest) -> HttpResponse:
    """Everything that this person may work on, with how much is waiting. A person with a single page is sent to it."""
    found = work_of(request.actor)
    if len(found) == 1:
        return redirect(found[0].address)
    return render(request, "staff/door.html", {"work": found})


@staff_page(Action.SEE_SHARES)
def insurer(request: CityRequest) -> HttpResponse:
    """The insurer's own share of premium and claims; the lead insurer sees the whole pool."""
    figures = insurer_figures(request.city, plan_year_or_404(request.city))
    own = next((figure for figure in figures if figure.code == request.actor.insurer), None)
    if own is None:
        raise Http404
    shown = [one for one in figures if may(request.actor, Action.SEE_SHARES, owner=f"insurer:{one.code}")]
    return render(request, "staff/insurer.html", {"own": own, "figures": shown})


@staff_page(Action.SEE_FIGURES)
def bureau(request: CityRequest) -> HttpResponse:
    plan_year = plan_year_or_404(request.city)
    figures = overview(request.city, plan_year)
    looked(request, Action.SEE_FIGURES, "figures_opened", f"plan_year:{plan_year.id}", "supervision")
    context = {
        "figures": figures,
        "charts": _charts(figures),
        "seal": head_of(request.city),
        "watched_days": WATCHED_DAYS,
        "fewest_unsettled": FEWEST_UNSETTLED,
    }
    return render(request, "staff/bureau.html", context)


def _charts(figures: Overview) -> list[dict[str, Any]]:
    """The charts: each with a title that says what it shows, and the data for picture and table."""
    english = page_language() == "en"
    names = [area.name_en if english else area.name_zh for area in figures.by_area]
    peak = max(figures.by_day, key=lambda row: row[1], default=(None, 0))
    largest = max(figures.by_decade, key=lambda row: row[1], default=(0, 0))
    return [
        {
            "id": "by-day",
            "kind": "line",
            "title": _("已参保 %(count)s 人，单日最多 %(peak)s 人")
            % {"count": f"{figures.enrolled:,}", "peak": peak[1]},
            "labels": [f"{day:%m-%d}" for day, _count in figures.by_day],
            "values": [count for _day, count in figures.by_day],
            "unit": _("人"),
            "column": _("日期"),
        },
        {
            "id": "by-area",
            "kind": "bar",
            "title": _("各统筹区参保人数"),
            "labels": names,
            "values": [area.enrolled for area in figures.by_area],
            "unit": _("人"),
            "column": _("统筹区"),
        },
        {
            "id": "by-decade",
            "kind": "bar",
            "title": _("参保人以 %(decade)s 年代出生者最多") % {"decade": largest[0]},
            "labels": [f"{decade}s" if english else f"{decade} 年代" for decade, _count in figures.by_decade],
            "values": [count for _decade, count in figures.by_decade],
            "unit": _("人"),
            "column": _("出生年代"),
        },
        {
            "id": "claims-by-area",
            "kind": "bar",
            "title": _("各统筹区赔付金额（元），共 %(count)s 件") % {"count": figures.paid_bills},
            "labels": names,
            "values": [area.payable / 100 for area in figures.by_area],
            "texts": [format_yuan(area.payable) for area in figures.by_area],
            "unit": _("元"),
            "column": _("统筹区"),
        },
    ]


@staff_page(Action.ADMINISTER)
def administration(request: CityRequest) -> HttpResponse:
    """Clients, the calendar of a demonstration, and the latest events."""
    return _administration(request, DayForm(initial={"day": request.city.demonstration_day}))


def _administration(request: CityRequest, form: DayForm) -> HttpResponse:
    context = {
        "clients": clients(request.city),
        "events": latest_events(request.city, page_number(request.GET.get("page"))),
        "plan_year": plan_year_or_404(request.city),
        "seal": head_of(request.city),
        "check": books_check(request.city),
        "form": form,
    }
    return render(request, "staff/administration.html", context)


@staff_page(Action.SET_CALENDAR)
@require_POST
def calendar(request: CityRequest) -> HttpResponse:
    """Move the demonstration's day."""
    form = DayForm(posted(request))
    if form.is_valid():
        try:
            refuse_closed_day(request.city, form.cleaned_data["day"])
            set_demonstration_day(actor=request.actor, day=form.cleaned_data["day"])
        except HuiminError as error:
            form.refuse(error, field="day" if request.city.demonstration_day else "")
        else:
            return redirect("administration")
    return _administration(request, form)


@staff_page(Action.VERIFY_BOOKS)
@require_POST
def verify(request: CityRequest) -> HttpResponse:
    """Ask for the check that `huimin ledger verify` makes; the page shows the result."""
    ask_for_check(actor=request.actor)
    return redirect("administration")
