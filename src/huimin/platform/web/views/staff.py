"""Staff pages: the review queue, insurer, bureau and administrator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.claims.api import (
    CONFLICT,
    LONG_WAIT,
    Finding,
    Found,
    ReviewItem,
    ReviewSearch,
    SettlementStatus,
    agree,
    find,
    findings_for,
    findings_of,
    long_waiting,
    open_reviews,
    review_by_id,
    review_codes,
    review_content,
    waits_for_second,
)
from huimin.platform.foundation.authorising import admits, authorise, may
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import clients, latest_events
from huimin.platform.foundation.services import record_look, set_demonstration_day
from huimin.platform.ledger.api import ask_for_check, books_check
from huimin.platform.oversight.api import Overview, insurer_figures, overview
from huimin.platform.pool.api import refuse_closed_day
from huimin.platform.seals.api import head_of
from huimin.platform.web.code_words import AMOUNT_WORDS, FIELD_WORDS, FINDING_WORDS, REASON_WORDS
from huimin.platform.web.days import page_language
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import DayForm, FindingForm, SearchForm
from huimin.platform.web.sentences import sentence
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.resident import plan_year_or_404
from huimin.platform.web.work import work_of

__all__ = [
    "administration",
    "bureau",
    "calendar",
    "door",
    "insurer",
    "review",
    "reviews",
    "verify",
]

_AGES = ("1", "3", "7", "30")
"""The choices for how many days a bill has waited at least."""
_SECOND = (("agree", gettext_lazy("同意")), ("send_back", gettext_lazy("退回初审")))
"""What the second person may decide."""


@staff_page(Action.OPEN_STAFF_DOOR)
def door(request: CityRequest) -> HttpResponse:
    """All that this person may work on, with how much of it waits; one who has a single task is led to it."""
    found = work_of(request.actor)
    if len(found) == 1:
        return redirect(found[0].address)
    return render(request, "staff/door.html", {"work": found})


@staff_page(Action.SEE_REVIEWS)
def reviews(request: CityRequest) -> HttpResponse:
    """The review queue, with no bill opened yet."""
    return render(request, "staff/reviews.html", {**_queue(request), "item": None})


def _queue(request: CityRequest) -> dict[str, Any]:
    """One page of the queue as the address asks for it, with the search form."""
    form = _search_form(request)
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in form.fields}
    days = int(given["days"]) if given["days"] else 0
    before = now(request.city) - timedelta(days=days) if days else None
    if given["q"]:
        _looked(request, Action.SEE_REVIEWS, "reviews_searched", "reviews", "claims handling")
    search = ReviewSearch(given["q"], given["code"], given["hospital"], before)
    return {
        "form": form,
        "search": form,
        "queue": open_reviews(request.city, search, page_number(request.GET.get("page"))),
        "waiting": long_waiting(request.city),
        "long_wait": LONG_WAIT.days,
        "searched": any(given.values()),
        "asked": request.GET.urlencode(),
    }


def _search_form(request: CityRequest) -> SearchForm:
    # A reason that no bill waits for any more may still stand in an address that somebody kept.
    asked = request.GET.get("code", "")
    codes = {*review_codes(request.city), *({asked} & REASON_WORDS.keys())}
    return SearchForm(
        request.GET,
        codes=[(code, REASON_WORDS.get(code, code)) for code in sorted(codes)],
        hospitals=[
            (one.code, one.name_en if page_language() == "en" else one.name_zh) for one in clients(request.city)
        ],
        ages=[(age, _("%(days)s天以上") % {"days": age}) for age in _AGES],
    )


@staff_page(Action.SEE_REVIEWS)
def review(request: CityRequest, review_id: int) -> HttpResponse:
    """One held bill: its content, why it is held, and the findings to choose from. Nobody types an amount."""
    item = review_by_id(request.city, review_id)
    if item is None:
        raise Http404
    _looked(request, Action.SEE_REVIEWS, "review_opened", f"review:{item.pk}", "claims handling")
    form = FindingForm(posted(request), findings=[*_SECOND, *Finding.choices])
    if form.is_valid():
        try:
            found = _find(request, review_id, form.cleaned_data)
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, _found_sentence(found))
            return redirect("reviews")
    context = {
        **_queue(request),
        "item": item,
        "finding": form,
        "said": sentence(item.code, item.values),
        "content": [(_field_words(name), *values) for name, *values in review_content(item)],
        "answered": item.code == CONFLICT,
        "history": findings_of(item),
        "choices": _choices(request, item),
        "asks_who_paid": Finding.RELEASE_CREDITED in findings_for(item),
    }
    if form.is_bound:
        context["form"] = form
    return render(request, "staff/reviews.html", context)


def _find(request: CityRequest, review_id: int, given: dict[str, str]) -> Found:
    note, chosen = given["note"], given["finding"]
    if chosen in dict(_SECOND):
        agrees = chosen == "agree"
        return agree(actor=request.actor, review_id=review_id, agrees=agrees, note=note)
    return find(actor=request.actor, review_id=review_id, finding=Finding(chosen), note=note)


def _choices(request: CityRequest, item: ReviewItem) -> list[tuple[str, str]]:
    """What this person may choose now: (value, words). Nobody is offered to agree with their own finding."""
    first = waits_for_second(item)
    choices: list[tuple[str, str]] = []
    if admits(request.actor, Action.AGREE) and first not in ("", request.actor.text):
        choices += [(value, str(words)) for value, words in _SECOND]
    if admits(request.actor, Action.FIND):
        choices += [(finding.value, str(FINDING_WORDS[finding.value])) for finding in findings_for(item)]
    return choices


def _field_words(name: str) -> str:
    return str(FIELD_WORDS.get(name) or AMOUNT_WORDS.get(name) or name)


def _found_sentence(found: Found) -> str:
    if found.needs_second:
        return _("已记录。金额较大，须由另一人复核后才生效。")
    if found.answer is None:
        return _("已记录。")
    if found.answer.status == SettlementStatus.UNDECIDED:
        return _("未全部理算，已能计算的赔付 ¥%(amount)s。") % {"amount": format_yuan(found.answer.payable)}
    return _("已理算，本产品赔付 ¥%(amount)s。") % {"amount": format_yuan(found.answer.payable)}


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
    _looked(request, Action.SEE_FIGURES, "figures_opened", f"plan_year:{plan_year.id}", "supervision")
    return render(
        request, "staff/bureau.html", {"figures": figures, "charts": _charts(figures), "seal": head_of(request.city)}
    )


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
    """Have a worker do what `huimin ledger verify` does; the page says what came of it."""
    ask_for_check(actor=request.actor)
    return redirect("administration")


def _looked(request: CityRequest, look: Action, action: str, subject: str, purpose: str) -> None:
    """Write down who looks, and what for. Raises NotAllowed."""
    actor = request.actor.with_purpose(purpose)
    authorise(actor, look)
    record_look(actor=actor, action=action, subject=subject)
