"""What a resident is asked where an organisation would pay: for themself, or for a minor in their care."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.bulk.api import answer_group, asked_of
from huimin.platform.catalogue.api import plan_year_by_id
from huimin.platform.disclosure.api import key_terms_confirmed
from huimin.platform.foundation.permissions import Action
from huimin.platform.web.forms.buttons import pressed
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, resident_page

__all__ = ["answer", "group_cover"]

_WORDS = (
    "我同意由{organisation}支付保费，为{person}投保本产品。我已阅读并确认重要条款：保障期一年，不保证续保；"
    "保障责任、免责事项和免赔额以条款为准。"
)
"""What is agreed to. Its digest is kept with the consent, so it is always said in Chinese."""


@resident_page(Action.ANSWER_GROUP)
def group_cover(request: CityRequest) -> HttpResponse:
    """Who would pay for whom, and whether the key terms have been read."""
    asked = asked_of(request.city, request.resident.id)
    read = {
        one.plan_year_id: key_terms_confirmed(
            city=request.city, resident=request.resident, plan_year=plan_year_by_id(request.city, one.plan_year_id)
        )
        for one in asked
    }
    shown = [
        (one, _words(one.organisation, one.person.name), one.person.id == request.resident.id, read[one.plan_year_id])
        for one in asked
    ]
    return render(request, "resident/group_cover.html", {"asked": shown})


@resident_page(Action.ANSWER_GROUP)
@require_POST
def answer(request: CityRequest, row_id: int) -> HttpResponse:
    given = pressed(request, "answer", ["agree", "decline"])
    if not given:
        messages.error(request, _("请选择一项。"))
        return redirect("group-cover", city_code=request.city.code)
    agrees = given == "agree"
    asked = next((one for one in asked_of(request.city, request.resident.id) if one.row_id == row_id), None)
    words = _words(asked.organisation, asked.person.name) if asked is not None else ""
    try:
        answer_group(actor=request.actor, resident=request.resident, row_id=row_id, agrees=agrees, text=words)
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    else:
        said = _("已记录您的同意。保费到账后出具保单，并短信告知。") if agrees else _("已记录，不会为您办理。")
        messages.success(request, said)
    return redirect("group-cover", city_code=request.city.code)


def _words(organisation: str, person: str) -> str:
    return _WORDS.format(organisation=organisation, person=person)
