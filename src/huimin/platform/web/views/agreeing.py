"""Adults of the family agree to be insured: by a code to their own telephone, or as the payer declares."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.errors import HuiminError
from huimin.platform.disclosure.api import agree_by_code, declare_agreed
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import NamedPerson, ask_to_be_insured
from huimin.platform.web.days import page_language
from huimin.platform.web.draft import persons_in_draft
from huimin.platform.web.faults import faults_of_error
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.buttons import pressed
from huimin.platform.web.forms.residents import ConsentForm
from huimin.platform.web.session import CityRequest, resident_page
from huimin.platform.web.views.resident import plan_year_or_404
from huimin.settlement.member import completed_years

__all__ = ["AGREED", "DECLARED", "enrol_consent", "is_adult_of_family"]

AGREED: Promise | str = gettext_lazy(
    "我同意由家人为我投保本产品并支付保费。我知道保单是我的，我可以查看，也可以要求撤销。"
)
DECLARED: Promise | str = gettext_lazy("本人没有手机。我已当面说明保障内容，本人同意由我投保；以上属实，由我负责。")
"""The words that are agreed to. They name nobody, so that they can be kept as they are."""
_CHECK, _OF_AGE = "cover_check", 18


def is_adult_of_family(request: CityRequest, person: NamedPerson) -> bool:
    """Whether somebody other than the payer, of age: for minors the payer agrees as their guardian."""
    of_age = completed_years(person.birth_date, today(request.city)) >= _OF_AGE
    return person.id != request.resident.id and of_age


@resident_page(Action.ENROL)
def enrol_consent(request: CityRequest, resident_id: int) -> HttpResponse:
    """A code goes to the person, who passes it on if they agree. For who has no telephone the payer declares it."""
    person = next((one for one in persons_in_draft(request) if one.id == resident_id), None)
    if person is None or not is_adult_of_family(request, person):
        raise Http404
    asks, declares = pressed(request, "send", ["1"]), pressed(request, "declare", ["1"])
    form = ConsentForm(posted(request) if not (asks or declares) else None)
    context: dict[str, Any] = {"person": person, "words": AGREED, "declared": DECLARED, "form": form}
    try:
        if asks:
            check = ask_to_be_insured(actor=request.actor, payer=request.resident, resident_id=person.id)
            request.session[_CHECK] = [check, person.id]
            return redirect("enrol-consent", city_code=request.city.code, resident_id=person.id)
        if declares:
            return _declared(request, person)
        if form.is_valid():
            return _agreed(request, form)
    except HuiminError as error:
        if asks:
            context["faults"] = faults_of_error(error)
        else:
            form.refuse(error, field="code")
    context["asked"] = request.session.get(_CHECK, [0, 0])[1] == person.id
    status = 422 if context.get("faults") or form.errors else 200
    return render(request, "resident/enrol_consent.html", context, status=status)


def _agreed(request: CityRequest, form: ConsentForm) -> HttpResponse:
    agree_by_code(
        actor=request.actor,
        payer=request.resident,
        plan_year=plan_year_or_404(request.city),
        check_id=request.session.get(_CHECK, [0, 0])[0],
        code=form.cleaned_data["code"],
        words=str(AGREED),
        language=page_language(),
    )
    request.session.pop(_CHECK, None)
    messages.success(request, _("本人已同意。"))
    return redirect("enrol", city_code=request.city.code)


def _declared(request: CityRequest, person: NamedPerson) -> HttpResponse:
    declare_agreed(
        actor=request.actor,
        payer=request.resident,
        resident_id=person.id,
        plan_year=plan_year_or_404(request.city),
        words=str(DECLARED),
        language=page_language(),
    )
    messages.success(request, _("已记录您的声明。"))
    return redirect("enrol", city_code=request.city.code)
