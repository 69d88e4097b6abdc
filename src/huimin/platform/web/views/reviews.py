"""The handler's queue of held bills, and the page of one: its content, its history, what is due, and what may be
done.
"""

from __future__ import annotations

from collections.abc import Callable
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
    ReviewError,
    ReviewItem,
    ReviewSearch,
    SettlementStatus,
    Turn,
    agree,
    case_story,
    find,
    findings_for,
    give_back,
    long_waiting,
    open_reviews,
    review_by_id,
    review_codes,
    review_content,
    take,
    waits_for_second,
)
from huimin.platform.foundation.authorising import admits, may
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import clients, names_of_actors
from huimin.platform.web.code_words import AMOUNT_WORDS, FIELD_WORDS, FINDING_WORDS, REASON_WORDS
from huimin.platform.web.days import page_language
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import FindingForm, SearchForm
from huimin.platform.web.looking import looked
from huimin.platform.web.sentences import error_sentence, sentence
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.stories import clock_lines, name_of, status_words, story_lines

__all__ = ["review", "review_give_back", "review_take", "reviews"]

_AGES = ("1", "3", "7", "30")
"""The choices for the least number of days that a bill has waited."""
_SECOND = (("agree", gettext_lazy("同意")), ("send_back", gettext_lazy("退回初审")))
"""What the second person may decide."""
_MINE = "mine"
_TURNS = (
    (_MINE, gettext_lazy("我领取的")),
    (Turn.HANDLER.value, gettext_lazy("待初审")),
    (Turn.SECOND_PERSON.value, gettext_lazy("待复核")),
    (Turn.SENDER.value, gettext_lazy("待发送方重发")),
)


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
        looked(request, Action.SEE_REVIEWS, "reviews_searched", "reviews", "claims handling")
    mine = given["turn"] == _MINE
    search = ReviewSearch(
        words=given["q"],
        code=given["code"],
        client=given["hospital"],
        received_before=before,
        turn="" if mine else given["turn"],
        taken_by=request.actor.text if mine else "",
    )
    found = open_reviews(request.city, search, page_number(request.GET.get("page")))
    names = names_of_actors(request.city, {row.taken_by for row in found})
    return {
        "form": form,
        "search": form,
        "queue": found,
        "rows": [(row, name_of(row.taken_by, names)) for row in found],
        "today": today(request.city),
        "waiting": long_waiting(request.city),
        "long_wait": LONG_WAIT.days,
        "searched": any(given.values()),
        "asked": request.GET.urlencode(),
    }


def _search_form(request: CityRequest) -> SearchForm:
    # An address that somebody saved may have a reason for which no bill is held any more.
    asked = request.GET.get("code", "")
    codes = {*review_codes(request.city), *({asked} & REASON_WORDS.keys())}
    return SearchForm(
        request.GET,
        turns=_TURNS if admits(request.actor, Action.TAKE_REVIEW) else _TURNS[1:],
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
    looked(request, Action.SEE_REVIEWS, "review_opened", f"review:{item.pk}", "claims handling")
    form = FindingForm(posted(request), findings=[*_SECOND, *Finding.choices])
    if form.is_valid():
        try:
            found = _find(request, review_id, form.cleaned_data)
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, _found_sentence(found))
            return redirect("reviews")
    context = {**_queue(request), **_case(request, item), "finding": form}
    if form.is_bound:
        context["form"] = form
    return render(request, "staff/reviews.html", context)


def _case(request: CityRequest, item: ReviewItem) -> dict[str, Any]:
    """What the page shows of one held bill."""
    story, actor = case_story(item), request.actor
    return {
        "item": item,
        "said": sentence(item.code, item.values),
        "content": [(_field_words(name), *values) for name, *values in review_content(item)],
        "answered": item.code == CONFLICT,
        "statuses": status_words(story),
        "clocks": clock_lines(story),
        "story": story_lines(story),
        "taken_by": name_of(item.taken_by, story.names),
        "may_take": item.is_open and not item.taken_by and admits(actor, Action.TAKE_REVIEW),
        "may_give_back": item.taken_by != "" and may(actor, Action.GIVE_BACK_REVIEW, owner=item.taken_by),
        "choices": _choices(request, item),
        "asks_who_paid": Finding.RELEASE_CREDITED in findings_for(item),
    }


@staff_page(Action.TAKE_REVIEW)
@require_POST
def review_take(request: CityRequest, review_id: int) -> HttpResponse:
    return _handed(request, review_id, take)


@staff_page(Action.GIVE_BACK_REVIEW)
@require_POST
def review_give_back(request: CityRequest, review_id: int) -> HttpResponse:
    return _handed(request, review_id, give_back)


def _handed(request: CityRequest, review_id: int, service: Callable[..., None]) -> HttpResponse:
    try:
        service(actor=request.actor, review_id=review_id)
    except ReviewError as error:
        messages.error(request, error_sentence(error))
    return redirect("review", review_id)


def _find(request: CityRequest, review_id: int, given: dict[str, str]) -> Found:
    note, chosen = given["note"], given["finding"]
    if chosen in dict(_SECOND):
        agrees = chosen == "agree"
        return agree(actor=request.actor, review_id=review_id, agrees=agrees, note=note)
    return find(actor=request.actor, review_id=review_id, finding=Finding(chosen), note=note)


def _choices(request: CityRequest, item: ReviewItem) -> list[tuple[str, str]]:
    """What this person may choose now: (value, words). Nobody can agree to their own finding."""
    first = waits_for_second(item)
    choices: list[tuple[str, str]] = []
    if admits(request.actor, Action.AGREE) and first not in ("", request.actor.text):
        choices += [(value, str(words)) for value, words in _SECOND]
    if admits(request.actor, Action.FIND) and item.taken_by in ("", request.actor.text):
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
        return _("尚未全部理算，目前可计算的赔付为 ¥%(amount)s。") % {"amount": format_yuan(found.answer.payable)}
    return _("已理算，本产品赔付 ¥%(amount)s。") % {"amount": format_yuan(found.answer.payable)}
