"""Staff's page of people of 65 and over who want an enrolment undone, and of those who say so on the telephone."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import NamedPerson, find_person, named_persons
from huimin.platform.safeguards.api import Answer, Question, Road, answer, questions_of, questions_to_undo
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import CallForm, PersonForm
from huimin.platform.web.looking import looked
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["was_it_you", "was_it_you_answer"]

_PURPOSE = "somebody of 65 or over calls"


@staff_page(Action.SEE_WAS_IT_YOU)
def was_it_you(request: CityRequest) -> HttpResponse:
    """What was answered, and the questions of somebody who calls. Each search is in the audit."""
    form, person, asked = PersonForm(posted(request)), None, []
    if form.is_valid():
        looked(request, Action.SEE_WAS_IT_YOU, "was_it_you_searched", "was_it_you", _PURPOSE)
        try:
            person = find_person(city=request.city, **form.cleaned_data)
        except HuiminError as error:
            form.refuse(error, field="id_number")
        asked = questions_of(request.city, person.id) if person is not None else []
    wishes = questions_to_undo(request.city)
    context = {
        "form": form,
        "person": person,
        "nobody": form.is_bound and not form.errors and person is None,
        "asked": asked,
        "wishes": _named(request, wishes),
    }
    return render(request, "staff/was_it_you.html", context, status=422 if form.errors else 200)


def _named(request: CityRequest, questions: Sequence[Question]) -> list[tuple[Question, NamedPerson]]:
    people = named_persons(request.city, {question.resident_id for question in questions})
    return [(question, people[question.resident_id]) for question in questions]


@staff_page(Action.SEE_WAS_IT_YOU)
@require_POST
def was_it_you_answer(request: CityRequest, question_id: int) -> HttpResponse:
    """Write down what somebody said on the telephone."""
    form = CallForm(posted(request))
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("was-it-you")
    given, note = Answer(form.cleaned_data["answer"]), form.cleaned_data["note"]
    try:
        answer(actor=request.actor, question_id=question_id, given=given, road=Road.TELEPHONE, note=note)
    except NotAllowed:
        raise
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    else:
        messages.success(request, _("已记录。"))
    return redirect("was-it-you")
