"""What an applicant must see and confirm before paying: the key terms, and advice where the plan does not suit."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.disclosure.api import (
    Decision,
    anybody_elderly,
    confirm_key_terms,
    decide_on_advice,
    key_terms_confirmed,
)
from huimin.platform.enrolment.api import check_eligibility, terms_opened
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import NamedPerson
from huimin.platform.web.context import is_large
from huimin.platform.web.days import page_language
from huimin.platform.web.draft import drop_from_draft, persons_in_draft
from huimin.platform.web.faults import FieldFault
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.buttons import WordsForm, pressed
from huimin.platform.web.session import CityRequest, resident_page
from huimin.platform.web.views.resident import plan_year_or_404
from huimin.terms import key_terms, words_digest

__all__ = ["advice", "key_terms_page"]

_SEEN = "key_terms_seen"
_ADVISED = ("not_insured",)
"""Reasons against joining after which the payer is advised to stop."""


@resident_page(Action.ENROL)
def key_terms_page(request: CityRequest) -> HttpResponse:
    """The key terms on a page of their own. Only the applicant's own act on this page confirms them.

    Where somebody of the order is 65 or older the page is the plain one: large letters, one thing at a time.
    """
    plan_year = plan_year_or_404(request.city)
    if not terms_opened(city=request.city, resident=request.resident, plan_year=plan_year):
        return redirect("enrol-terms", city_code=request.city.code)
    people = [request.resident, *persons_in_draft(request)]
    request.elderly = anybody_elderly(people, today(request.city))
    language = page_language()
    terms = key_terms(terms_of(plan_year).plan, language)
    digest, faults = words_digest(terms), []
    if request.method == "POST":
        if is_large(request) and request.session.get(_SEEN, 0) < len(terms):
            return redirect("enrol-key-terms", city_code=request.city.code)
        if WordsForm(posted(request)).sent("words") == digest:
            confirm_key_terms(
                actor=request.actor,
                resident=request.resident,
                plan_year=plan_year,
                language=language,
                words_digest=digest,
            )
            return redirect("enrol-pay", city_code=request.city.code)
        faults = [FieldFault("", _("这些条款与刚才显示的文字不同，请再看一遍后确认。"))]
    context = {
        **_part(request, len(terms)),
        "terms": terms,
        "digest": digest,
        "faults": faults,
        "confirmed": key_terms_confirmed(city=request.city, resident=request.resident, plan_year=plan_year),
        "step": 2,
    }
    return render(request, "resident/key_terms.html", context, status=422 if faults else 200)


def _part(request: CityRequest, count: int) -> dict[str, Any]:
    """Which of the terms the page shows: all of them, or in large letters one at a time; 0 is what stands before.

    None is passed over: the next one is shown to whoever has seen the one before.
    """
    if not is_large(request):
        return {"part": None, "last": True}
    asked, seen = request.GET.get("part", "0"), int(request.session.get(_SEEN, 0))
    part = min(int(asked), seen + 1, count) if re.fullmatch("[0-9]{1,2}", asked) else 0
    request.session[_SEEN] = max(seen, part)
    return {"part": part, "last": part == count, "next_part": part + 1, "count": count}


@resident_page(Action.ENROL)
def advice(request: CityRequest, resident_id: int) -> HttpResponse:
    """Advice not to join a person whom the plan does not suit, and what the payer decides. Both are recorded."""
    plan_year = plan_year_or_404(request.city)
    person = next((one for one in persons_in_draft(request) if one.id == resident_id), None)
    reasons = _advised(request, plan_year, person) if person is not None else []
    if person is None or not reasons:
        raise Http404
    words = _("此人目前没有参加基本医保。本产品只赔医保结算以后的部分，没有医保就赔不到：建议先不要为此人投保。")
    decision = pressed(request, "decision", Decision.values)
    if decision:
        decide_on_advice(
            actor=request.actor,
            resident=request.resident,
            about=person,
            plan_year=plan_year,
            reasons=reasons,
            words=words,
            decision=Decision(decision),
        )
        if decision == Decision.STOPPED:
            drop_from_draft(request, resident_id)
            return redirect("enrol", city_code=request.city.code)
    faults = [FieldFault("", _("请选择一项。"))] if request.method == "POST" and not decision else []
    context = {"person": person, "words": words, "faults": faults, "disputed": decision == Decision.DISPUTED}
    return render(request, "resident/advice.html", context, status=422 if faults else 200)


def _advised(request: CityRequest, plan_year: PlanYearFacts, person: NamedPerson) -> list[str]:
    found = check_eligibility(city=request.city, plan_year=plan_year, residents=[person])[person.id]
    return [reason for reason in found.reasons if reason in _ADVISED]
