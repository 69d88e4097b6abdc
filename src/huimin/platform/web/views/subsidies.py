"""Funds and rosters for staff, and the page of a sponsor: what their money did."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.approvals.services import answer_proposal
from huimin.platform.foundation.authorising import admits, may
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import masked_name, named_persons
from huimin.platform.subsidies.api import (
    FundFacts,
    Named,
    all_funds,
    changes_of_version,
    files_of_roster,
    fund_by_code,
    fund_statement,
    grant_cover,
    grants_of_roster,
    left_in_funds,
    pay_in,
    proposal_of_roster,
    propose_version,
    roster_by_code,
    rosters,
    send_roster,
    version_in_force,
)
from huimin.platform.web.approval_words import ANSWERED
from huimin.platform.web.downloads import excel_file
from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.staff import ApprovalForm
from huimin.platform.web.forms.subsidies import ContributionForm, GrantForm, ProposeForm, RosterFileForm
from huimin.platform.web.fund_words import amounts_in_words, fault_in_words, groups_of, reason_in_words
from huimin.platform.web.fund_workbook import fund_workbook
from huimin.platform.web.looking import looked
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.resident import plan_year_or_404, reason_sentence

__all__ = [
    "answer",
    "contribution",
    "fund",
    "funds",
    "grant",
    "propose",
    "roster",
    "roster_file",
    "sponsor",
    "statement_workbook",
    "version",
]

_FAULTS_SHOWN, _PEOPLE_SHOWN = 200, 100
_ANSWERED = {**ANSWERED, Answer.APPROVED: gettext_lazy("已同意，新版本即时生效。")}


@staff_page(Action.SEE_FUNDS)
def funds(request: CityRequest) -> HttpResponse:
    """Every fund with what is left, and every roster."""
    left = left_in_funds(request.city)
    found = [(one, left.get(one.id, 0)) for one in all_funds(request.city)]
    lists = [(one, version_in_force(request.city, one.id)) for one in rosters(request.city)]
    return render(request, "staff/funds.html", {"funds": found, "rosters": lists})


@staff_page(Action.SEE_STATEMENT)
def fund(request: CityRequest, code: str) -> HttpResponse:
    """One fund: its terms, its statement, and the money that came in."""
    return _fund(request, _fund_or_404(request, code), ContributionForm(at=code))


@staff_page(Action.RECORD_CONTRIBUTION)
@require_POST
def contribution(request: CityRequest, code: str) -> HttpResponse:
    found, form = _fund_or_404(request, code), ContributionForm(posted(request), at=code)
    if form.is_valid():
        try:
            pay_in(actor=request.actor, fund=code, **form.cleaned_data)
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已登记。"))
            return redirect("fund", code=code)
    return _fund(request, found, form)


def _fund(request: CityRequest, found: FundFacts, form: PageForm) -> HttpResponse:
    context = {**_told(request, found), "form": form, "records": admits(request.actor, Action.RECORD_CONTRIBUTION)}
    return render(request, "staff/fund.html", context)


def _told(request: CityRequest, found: FundFacts) -> dict[str, Any]:
    statement = fund_statement(request.city, found)
    groups = groups_of(request.city, statement)
    return {"fund": found, "amounts": amounts_in_words(found), "statement": statement, "groups": groups}


def _fund_or_404(request: CityRequest, code: str) -> FundFacts:
    """A fund that this person may see: a sponsor sees its own."""
    found = fund_by_code(request.city, code)
    if found is None or not may(request.actor, Action.SEE_STATEMENT, owner=f"sponsor:{found.sponsor.code}"):
        raise Http404
    return found


@staff_page(Action.SEE_STATEMENT)
def statement_workbook(request: CityRequest, code: str) -> HttpResponse:
    found = fund_statement(request.city, _fund_or_404(request, code))
    return excel_file(fund_workbook(request.city, found), f"fund-{code}-{found.day}.xlsx")


@staff_page(Action.SEE_OWN_FUNDS)
def sponsor(request: CityRequest) -> HttpResponse:
    """What a sponsor is first asked for: what did our money do?"""
    own = [one for one in all_funds(request.city) if request.actor.owns(f"sponsor:{one.sponsor.code}")]
    return render(request, "staff/sponsor.html", {"funds": [_told(request, one) for one in own]})


@staff_page(Action.SEE_FUNDS)
def roster(request: CityRequest, code: str) -> HttpResponse:
    """The files that were sent, what came of them, and what waits for a second person."""
    return _roster(request, _roster_or_404(request, code), RosterFileForm(), ApprovalForm())


@staff_page(Action.IMPORT_ROSTER)
@require_POST
def roster_file(request: CityRequest, code: str) -> HttpResponse:
    found, form = _roster_or_404(request, code), RosterFileForm(posted(request), request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            send_roster(actor=request.actor, roster=code, file_name=sent.name, data=sent.read())
        except HuiminError as error:
            form.refuse(error, field="file")
        else:
            return redirect("roster", code=code)
    return _roster(request, found, form, ApprovalForm())


@staff_page(Action.AGREE_TO_ROSTER)
@require_POST
def answer(request: CityRequest, code: str) -> HttpResponse:
    """A second person agrees that the proposed version comes into force, or sends it back."""
    found, form = _roster_or_404(request, code), ApprovalForm(posted(request))
    proposal = proposal_of_roster(request.city, code)
    if proposal is not None and form.is_valid():
        agrees, note = form.cleaned_data["answer"] == "agree", form.cleaned_data["note"]
        try:
            answered = answer_proposal(actor=request.actor, approval_id=proposal.id, agrees=agrees, reason=note)
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, _ANSWERED[answered.answer])
            return redirect("roster", code=code)
    return _roster(request, found, RosterFileForm(), form)


def _roster(
    request: CityRequest,
    found: Named,
    sending: PageForm,
    answering: PageForm,
    granting: PageForm | None = None,
) -> HttpResponse:
    files = [
        (one, [fault_in_words(fault) for fault in one.faults[:_FAULTS_SHOWN]], len(one.faults))
        for one in files_of_roster(request.city, found.id)
    ]
    context = {
        "roster": found,
        "in_force": version_in_force(request.city, found.id),
        "files": files,
        "proposal": proposal_of_roster(request.city, found.code),
        "sending": sending,
        "answering": answering,
        "granting": granting or GrantForm(at="grant"),
        "form": granting or (answering if answering.is_bound else sending),
        "grants": [
            (one, [(reason_sentence(fault), count) for fault, count in sorted(one.faults.items())])
            for one in grants_of_roster(request.city, found.id)
        ],
        "may_grant": admits(request.actor, Action.GRANT_COVER),
        "sends": admits(request.actor, Action.IMPORT_ROSTER),
        "agrees": admits(request.actor, Action.AGREE_TO_ROSTER),
    }
    return render(request, "staff/roster.html", context)


def _roster_or_404(request: CityRequest, code: str) -> Named:
    found = roster_by_code(request.city, code)
    if found is None:
        raise Http404
    return found


@staff_page(Action.GRANT_COVER)
@require_POST
def grant(request: CityRequest, code: str) -> HttpResponse:
    """Grant cover to everybody on the version in force."""
    found, form = _roster_or_404(request, code), GrantForm(posted(request), at="grant")
    if form.is_valid():
        until, note = form.cleaned_data["until"], form.cleaned_data["note"]
        try:
            grant_cover(
                actor=request.actor,
                roster_id=found.id,
                plan_year=plan_year_or_404(request.city),
                until=until,
                reason=note,
            )
        except HuiminError as error:
            form.refuse(error, field="until")
        else:
            messages.success(request, _("已开始办理，进度见下方。"))
            return redirect("roster", code=code)
    return _roster(request, found, RosterFileForm(), ApprovalForm(), form)


@staff_page(Action.SEE_ROSTER)
def version(request: CityRequest, code: str, version_id: int) -> HttpResponse:
    """Who came, went and changed with a version. Names are masked; the look is written down."""
    return _version(request, code, version_id, ProposeForm())


@staff_page(Action.IMPORT_ROSTER)
@require_POST
def propose(request: CityRequest, code: str, version_id: int) -> HttpResponse:
    form = ProposeForm(posted(request))
    if form.is_valid():
        try:
            propose_version(actor=request.actor, version_id=version_id, reason=form.cleaned_data["note"])
        except HuiminError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已提请，等待另一人复核。"))
            return redirect("roster", code=code)
    return _version(request, code, version_id, form)


def _version(request: CityRequest, code: str, version_id: int, form: PageForm) -> HttpResponse:
    found = _roster_or_404(request, code)
    files = files_of_roster(request.city, found.id)
    versions = [file.version for file in files if file.version is not None]
    seen = next((one for one in versions if one.id == version_id), None)
    if seen is None:
        raise Http404
    looked(request, Action.SEE_ROSTER, "roster_version_opened", f"roster:{code}", _("核对资助名册版本"))
    changes = changes_of_version(request.city, found.id, version_id)
    shown = [*changes.came, *changes.went, *changes.changed]
    people = named_persons(request.city, shown)
    names = {resident: masked_name(person.name) for resident, person in people.items()}
    context = {
        "roster": found,
        "version": seen,
        "came": [(names[one], reason_in_words(row.reason), row) for one, row in changes.came.items()][:_PEOPLE_SHOWN],
        "went": [(names[one], reason_in_words(row.reason), row) for one, row in changes.went.items()][:_PEOPLE_SHOWN],
        "changed": [
            (names[one], reason_in_words(before.reason), before, reason_in_words(after.reason), after)
            for one, (before, after) in changes.changed.items()
        ][:_PEOPLE_SHOWN],
        "counts": (len(changes.came), len(changes.went), len(changes.changed)),
        "form": form,
        "proposes": admits(request.actor, Action.IMPORT_ROSTER) and seen.in_force_since is None,
    }
    return render(request, "staff/roster_version.html", context)
