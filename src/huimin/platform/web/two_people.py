"""Lists in which one person proposes and another agrees: the buttons of a row, what each does, and the answer to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.errors import HuiminError
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.approvals.proposal import Answered
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.permissions import Action
from huimin.platform.web.approval_words import ANSWERED
from huimin.platform.web.forms.staff import DoingForm
from huimin.platform.web.session import CityRequest

__all__ = ["Doings", "answerings", "buttons", "carried_out", "doings", "form_of_row"]

_PROPOSE, _AGREE, _SEND_BACK = "propose", "agree", "send_back"
Doings: TypeAlias = Mapping[str, Callable[[CityRequest, Any, str], str]]
"""By the value of the button: what it does, given the request, which row and the note; it returns what is said then."""


def doings(
    propose: Callable[[CityRequest, Any, str], object],
    agree: Callable[[CityRequest, Any, bool, str], Answered],
    approved: Promise | str,
) -> Doings:
    """`approved`: what is said where the second person has agreed."""

    def proposed(request: CityRequest, which: Any, note: str) -> str:
        propose(request, which, note)
        return _("已提请，等待另一人复核。")

    return {_PROPOSE: proposed, **answerings(agree, approved)}


def answerings(agree: Callable[[CityRequest, Any, bool, str], Answered], approved: Promise | str) -> Doings:
    """Of `doings` those of the second person alone, where one proposes in a way of the page's own."""
    answers = {**ANSWERED, Answer.APPROVED: approved, Answer.SENT_BACK: gettext_lazy("已退回提请。")}

    def answered(agrees: bool) -> Callable[[CityRequest, Any, str], str]:
        return lambda request, which, note: str(answers[agree(request, which, agrees, note).answer])

    return {_AGREE: answered(True), _SEND_BACK: answered(False)}


def buttons(
    request: CityRequest, first: Action, second: Action, words: str, *, proposed: bool
) -> list[tuple[str, str]]:
    """What this person may do with a row that two people decide: the value of the button, and its words."""
    if proposed:
        return [(_AGREE, _("同意")), (_SEND_BACK, _("退回"))] if admits(request.actor, second) else []
    return [(_PROPOSE, words)] if admits(request.actor, first) else []


def form_of_row(which: object, known: Doings, sent: DoingForm | None) -> DoingForm:
    """`sent`: the form of one row that was refused, to be shown with its faults."""
    return sent if sent is not None and sent.at == which else DoingForm(at=which, doings=known)


def carried_out(
    request: CityRequest,
    form: Any,
    known: Doings,
    listed: Callable[[CityRequest, Any], HttpResponse],
    page: str,
    **arguments: Any,
) -> HttpResponse:
    """Do what the button says, with the note, and show the page again; or the list with what is wrong.

    `form`: what was sent of one row, with `do` and `note`; `at` says which row. `arguments`: of the page's address.
    """
    if not form.is_valid():
        return listed(request, form)
    try:
        said = known[form.cleaned_data["do"]](request, form.at, form.cleaned_data["note"])
    except HuiminError as error:
        form.refuse(error)
        return listed(request, form)
    messages.success(request, said)
    return redirect(reverse(page, kwargs=arguments))
