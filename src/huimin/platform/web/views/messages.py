"""The message centre: what we told a resident, and their answer to "was it you?"."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.foundation.permissions import Action
from huimin.platform.messages.api import Message, mark_read, messages_of
from huimin.platform.safeguards.api import Answer, Question, Road, answer, questions_of
from huimin.platform.web.faults import faults_of_error
from huimin.platform.web.forms.buttons import pressed
from huimin.platform.web.session import CityRequest, resident_page

__all__ = ["message_answer", "messages"]


@dataclass(frozen=True, slots=True)
class Line:
    """A message with the question that it asks, if it asks one."""

    message: Message
    question: Question | None

    @property
    def waits(self) -> bool:
        return self.question is not None and self.question.answer is None

    @property
    def of_invoice(self) -> bool:
        """Whether it tells of an invoice, which can be opened from here."""
        return self.message.template in ("invoice_issued", "invoice_taken_back")


@resident_page(Action.READ_MESSAGES)
def messages(request: CityRequest) -> HttpResponse:
    """Every message in the words in which it went out, newest first. Opening the page counts as having read them."""
    return _page(request)


@resident_page(Action.READ_MESSAGES)
@require_POST
def message_answer(request: CityRequest, question_id: int) -> HttpResponse:
    """One tap says that it was meant, or has it undone."""
    given = pressed(request, "answer", Answer.values)
    if given:
        try:
            answer(
                actor=request.actor,
                question_id=question_id,
                given=Answer(given),
                road=Road.PAGE,
                resident_id=request.resident.id,
            )
        except HuiminError as error:
            return _page(request, error)
    return redirect("messages", city_code=request.city.code)


def _page(request: CityRequest, error: HuiminError | None = None) -> HttpResponse:
    found = messages_of(request.city, request.resident.id)
    asked = {question.message: question for question in questions_of(request.city, request.resident.id)}
    mark_read(actor=request.actor, resident_id=request.resident.id, messages=found)
    lines = [Line(message, asked.get(message.key)) for message in found]
    faults = faults_of_error(error) if error is not None else []
    # A page that says what is waiting shows it before what is only told.
    context = {"lines": sorted(lines, key=lambda line: not line.waits), "faults": faults}
    return render(request, "resident/messages.html", context, status=422 if faults else 200)
