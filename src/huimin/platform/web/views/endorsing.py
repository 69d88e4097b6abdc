"""What a resident asks about a policy: that it is put right, that a death is recorded, another edition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import PolicyFacts, differences_open
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import areas
from huimin.platform.servicing.api import (
    DEATH_SOURCES,
    ask_for_endorsement,
    change_option,
    give_id_number,
    options_of,
    report_death,
    requests_about,
)
from huimin.platform.web.days import page_language
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.policies import CorrectForm, DeathForm, IdNumberForm, OptionForm
from huimin.platform.web.request_words import (
    ASKS_WORDS,
    DEATH_WORDS,
    INSUTYPE_WORDS,
    said_in_words,
    standing_in_words,
)
from huimin.platform.web.session import CityRequest, resident_page
from huimin.platform.web.views.policies import own_policy, policy_cards

__all__ = ["area_choices", "correct", "death", "id_number", "insutype_choices", "option", "sent_papers"]


@resident_page(Action.SEE_POLICIES)
def correct(request: CityRequest, number: str) -> HttpResponse:
    """Ask that something on the policy is corrected, or is another from a day on; and what was asked so far."""
    policy = own_policy(request, number)
    form = CorrectForm(
        posted(request), request.FILES or None, insutypes=insutype_choices(), areas=area_choices(request.city)
    )

    def ask() -> None:
        ask_for_endorsement(
            actor=request.actor,
            number=number,
            facts=form.facts(),
            from_day=form.cleaned_data["from_day"],
            words=form.cleaned_data["words"],
            papers=sent_papers(form),
        )

    if _done(request, form, ask):
        return redirect("policy-correct", city_code=request.city.code, number=number)
    return render(request, "resident/policy_correct.html", {**_about(request, policy), "form": form})


@resident_page(Action.SEE_POLICIES)
def id_number(request: CityRequest, number: str) -> HttpResponse:
    """The ID number of a child that was insured by its birth certificate."""
    policy = own_policy(request, number)
    form = IdNumberForm(posted(request))
    if form.is_valid():
        try:
            give_id_number(actor=request.actor, number=number, id_number=form.cleaned_data["id_number"])
        except HuiminError as error:
            form.refuse(error, field="id_number")
        else:
            messages.success(request, _("已收到。医保部门核对后自动更新，保单号不变，结果以短信告知。"))
            return redirect("policies", city_code=request.city.code)
    return render(request, "resident/policy_id_number.html", {**_about(request, policy), "form": form})


@resident_page(Action.SEE_POLICIES)
def death(request: CityRequest, number: str) -> HttpResponse:
    """Tell that the insured has died."""
    policy = own_policy(request, number)
    sources = [(one, DEATH_WORDS[one]) for one in DEATH_SOURCES if one != "bureau"]
    form = DeathForm(posted(request), request.FILES or None, sources=sources)

    def ask() -> None:
        report_death(
            actor=request.actor,
            number=number,
            died_on=form.cleaned_data["died_on"],
            source=form.cleaned_data["source"],
            words=form.cleaned_data["words"],
            papers=sent_papers(form),
        )

    if _done(request, form, ask):
        return redirect("policies", city_code=request.city.code)
    return render(request, "resident/policy_death.html", {**_about(request, policy), "form": form})


@resident_page(Action.SEE_POLICIES)
def option(request: CityRequest, number: str) -> HttpResponse:
    """The plan's other editions with what each costs more or less, while cover has not begun."""
    policy = own_policy(request, number)
    options = options_of(policy)
    form = OptionForm(posted(request), editions=[(one.edition, one.name(page_language())) for one in options])
    if form.is_valid():
        try:
            changed = change_option(actor=request.actor, number=number, edition=form.cleaned_data["edition"])
        except HuiminError as error:
            form.refuse(error, field="edition")
        else:
            if changed.order:
                return redirect("order", city_code=request.city.code, reference=changed.order)
            messages.success(request, _("已更换版本，保单号不变。有差额的，退回原付款账户。"))
            return redirect("policies", city_code=request.city.code)
    open_now = differences_open(request.city, [policy.id])
    context = {**_about(request, policy), "options": options, "form": form, "open": open_now}
    return render(request, "resident/policy_option.html", context)


def _done(request: CityRequest, form: PageForm, ask: Callable[[], None]) -> bool:
    if not form.is_valid():
        return False
    try:
        ask()
    except HuiminError as error:
        form.refuse(error, field="paper" if error.code.startswith("paper") else "")
        return False
    messages.success(request, _("已收到您的申请。两人核对后办理，结果以短信告知。"))
    return True


def sent_papers(form: PageForm) -> list[bytes]:
    """The file that came with a form that is valid, if one did."""
    file = form.cleaned_data.get("paper")
    return [file.read()] if file else []


def insutype_choices() -> list[tuple[str, Any]]:
    return list(INSUTYPE_WORDS.items())


def area_choices(city: City) -> list[tuple[str, str]]:
    return [(one.code, one.name(page_language())) for one in areas(city)]


def _about(request: CityRequest, policy: PolicyFacts) -> dict[str, Any]:
    """The policy's card, and what was asked about it: everybody sees in words what they asked themselves."""
    asked = []
    for story in requests_about(request.city, [policy.id]):
        own = story.facts.asked_by == request.actor.text
        words = said_in_words(request.city, story) if own else []
        asked.append((story.facts, ASKS_WORDS[story.facts.asks], standing_in_words(story.facts), words))
    return {"card": policy_cards(request.city, [policy])[0], "asked": asked}
