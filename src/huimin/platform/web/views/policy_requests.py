"""The staff's queue of what is asked about policies: one request with its papers, what would follow, two people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import NOT_THEIRS, THEIRS, health_record
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import names_of_actors
from huimin.platform.people.api import named_persons
from huimin.platform.servicing.api import (
    DEATH_SOURCES,
    Asks,
    RequestStory,
    Turn,
    agree_to_request,
    ask_for_endorsement,
    close_look,
    open_requests,
    paper_of,
    propose_request,
    refuse_request,
    report_death,
    request_story,
)
from huimin.platform.web.approval_words import ANSWERED
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.policies import CorrectForm, DeathForm, DecideForm, PolicyNumberForm
from huimin.platform.web.looking import looked
from huimin.platform.web.request_words import (
    ASKS_WORDS,
    DEATH_WORDS,
    TURN_WORDS,
    consequences,
    look_in_words,
    said_in_words,
    standing_in_words,
    step_lines,
)
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.stories import lines_of_clocks, name_of
from huimin.platform.web.views.endorsing import area_choices, insutype_choices, sent_papers

__all__ = ["new_death", "new_request", "policy_request", "policy_requests", "request_paper"]

_PURPOSE = "working on what is asked about a policy"
_PROPOSE, _REFUSE, _DONE, _AGREE, _SEND_BACK = "propose", "refuse", "done", "agree", "send_back"


@staff_page(Action.SEE_POLICY_REQUESTS)
def policy_requests(request: CityRequest) -> HttpResponse:
    """What waits, that which is due first before the rest. Nothing personal is shown here."""
    found = open_requests(request.city, page_number(request.GET.get("page")))
    rows = [
        (one, ASKS_WORDS[one.asks], TURN_WORDS[one.turn], look_in_words(one.why, ["…"]) if one.why else "")
        for one in found
    ]
    context = {"rows": rows, "list": found, "total": found.total, "today": today(request.city)}
    context["may_ask"] = admits(request.actor, Action.ASK_FOR_ENDORSEMENT)
    return render(request, "staff/policy_requests.html", context)


@staff_page(Action.SEE_POLICY_REQUESTS)
def policy_request(request: CityRequest, request_id: int) -> HttpResponse:
    """One request: what is asked, the papers, what would follow; and the buttons that this person may press."""
    story = _story_or_404(request, request_id)
    doings = _doings(request, story)
    form = DecideForm(posted(request), doings=[value for value, _words in doings])
    if form.is_valid():
        try:
            said = _do(request, request_id, form.cleaned_data["do"], form.cleaned_data["note"])
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect("policy-request", request_id=request_id)
        story = _story_or_404(request, request_id)
    return render(request, "staff/policy_request.html", _context(request, story, form, doings))


def _context(
    request: CityRequest, story: RequestStory, form: DecideForm, doings: list[tuple[str, str]]
) -> dict[str, Any]:
    city, policy = request.city, story.facts.policy
    people = named_persons(city, {policy.insured_id, policy.holder_id})
    record = health_record(city, story.content["record"]) if story.facts.asks is Asks.CONTEST else None
    names = names_of_actors(city, {event.actor for event in story.events})
    return {
        "story": story,
        "asks": ASKS_WORDS[story.facts.asks],
        "standing": standing_in_words(story.facts),
        "said": said_in_words(city, story),
        "insured": people[policy.insured_id].name,
        "holder": people[policy.holder_id].name,
        "record": record,
        "steps": step_lines(story, {event.actor: name_of(event.actor, names) for event in story.events}),
        "clocks": lines_of_clocks(story.clocks, today(city)),
        "consequences": consequences(story.proposal.would_change) if story.proposal is not None else [],
        "form": form,
        "doings": doings,
    }


@staff_page(Action.SEE_POLICY_REQUESTS)
def request_paper(request: CityRequest, request_id: int, paper_id: int) -> HttpResponse:
    """A paper as it was sent. It is shown in a frame of its own and never as a page of ours."""
    _story_or_404(request, request_id)
    found = paper_of(request.city, request_id, paper_id)
    if found is None:
        raise Http404
    response = HttpResponse(found.data, content_type=found.media_type)
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff_page(Action.DECIDE_ON_POLICIES)
def new_request(request: CityRequest) -> HttpResponse:
    """A handler asks for somebody at the counter or on the telephone."""
    number = PolicyNumberForm(posted(request))
    form = CorrectForm(
        posted(request),
        request.FILES or None,
        insutypes=insutype_choices(),
        areas=area_choices(request.city),
        staff=True,
    )

    def ask() -> int:
        return ask_for_endorsement(
            actor=request.actor,
            number=number.cleaned_data["number"],
            facts=form.facts(),
            from_day=form.cleaned_data["from_day"],
            words=form.cleaned_data["words"],
            papers=sent_papers(form),
        )

    return _asked(request, number, form, ask, "staff/policy_request_new.html")


@staff_page(Action.DECIDE_ON_POLICIES)
def new_death(request: CityRequest) -> HttpResponse:
    """A handler records that a death was told."""
    number = PolicyNumberForm(posted(request))
    sources = [(one, DEATH_WORDS[one]) for one in DEATH_SOURCES]
    form = DeathForm(posted(request), request.FILES or None, sources=sources, staff=True)

    def ask() -> int:
        return report_death(
            actor=request.actor,
            number=number.cleaned_data["number"],
            died_on=form.cleaned_data["died_on"],
            source=form.cleaned_data["source"],
            words=form.cleaned_data["words"],
            papers=sent_papers(form),
        )

    return _asked(request, number, form, ask, "staff/policy_request_death.html")


def _asked(
    request: CityRequest,
    number: PolicyNumberForm,
    form: CorrectForm | DeathForm,
    ask: Callable[[], int],
    template: str,
) -> HttpResponse:
    if request.method == "POST" and number.is_valid() & form.is_valid():
        try:
            made = ask()
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已登记。"))
            return redirect("policy-request", request_id=made)
    return render(request, template, {"number": number, "form": form if form.errors else number, "sent": form})


def _story_or_404(request: CityRequest, request_id: int) -> RequestStory:
    story = request_story(request.city, request_id)
    if story is None:
        raise Http404
    looked(request, Action.SEE_POLICY_REQUESTS, "policy_request_opened", f"policy_request:{request_id}", _PURPOSE)
    return story


def _doings(request: CityRequest, story: RequestStory) -> list[tuple[str, str]]:
    """What this person may do now: the value of the button, and its words."""
    if story.facts.turn == Turn.SECOND_PERSON and admits(request.actor, Action.AGREE_ON_POLICIES):
        return [(_AGREE, _("同意")), (_SEND_BACK, _("退回经办"))]
    if story.facts.turn != Turn.HANDLER or not admits(request.actor, Action.DECIDE_ON_POLICIES):
        return []
    if story.facts.asks is Asks.CONTEST:
        return [(NOT_THEIRS, _("认定：不属于本人，提请复核")), (THEIRS, _("认定：记录属实，提请复核"))]
    if story.facts.asks is Asks.LOOK:
        return [(_DONE, _("已处理，办结"))]
    return [(_PROPOSE, _("提请复核")), (_REFUSE, _("不予办理"))]


def _do(request: CityRequest, request_id: int, do: str, note: str) -> str:
    return _DOING[do](request, request_id, note)


def _propose(answer: str) -> Callable[[CityRequest, int, str], str]:
    def do(request: CityRequest, request_id: int, note: str) -> str:
        propose_request(actor=request.actor, request_id=request_id, note=note, answer=answer)
        return _("已提请，等待另一人复核。")

    return do


def _refuse(request: CityRequest, request_id: int, note: str) -> str:
    refuse_request(actor=request.actor, request_id=request_id, note=note)
    return _("已登记为不予办理，并告知申请人。")


def _done(request: CityRequest, request_id: int, note: str) -> str:
    close_look(actor=request.actor, request_id=request_id, note=note)
    return _("已办结。")


def _answer(*, agrees: bool) -> Callable[[CityRequest, int, str], str]:
    def do(request: CityRequest, request_id: int, note: str) -> str:
        answered = agree_to_request(actor=request.actor, request_id=request_id, agrees=agrees, note=note)
        return str(ANSWERED[answered.answer])

    return do


_DOING: Mapping[str, Callable[[CityRequest, int, str], str]] = {
    _PROPOSE: _propose(""),
    NOT_THEIRS: _propose(NOT_THEIRS),
    THEIRS: _propose(THEIRS),
    _REFUSE: _refuse,
    _DONE: _done,
    _AGREE: _answer(agrees=True),
    _SEND_BACK: _answer(agrees=False),
}
