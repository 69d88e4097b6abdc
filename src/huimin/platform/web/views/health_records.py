"""The health records that the bureau told of: the resident sees each with its source and day, and may contest it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import KnownRecord, policies_of, records_guarded_by, records_of
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import named_persons
from huimin.platform.servicing.api import Asks, RequestFacts, contest_record, requests_about
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.policies import ContestForm
from huimin.platform.web.request_words import WHY_CONTESTED
from huimin.platform.web.session import CityRequest, resident_page
from huimin.platform.web.views.endorsing import sent_papers

__all__ = ["contest", "health_records"]


@resident_page(Action.SEE_HEALTH_RECORDS)
def health_records(request: CityRequest) -> HttpResponse:
    """Every record of the resident, and of minors in their care, with how it stands."""
    return render(request, "resident/health_records.html", {"people": _people(request)})


@resident_page(Action.SEE_HEALTH_RECORDS)
def contest(request: CityRequest, record_id: int) -> HttpResponse:
    """Say why one record is not so, with a paper."""
    record, number = _own(request, record_id)
    form = ContestForm(posted(request), request.FILES or None, reasons=list(WHY_CONTESTED.items()))
    if form.is_valid():
        try:
            contest_record(
                actor=request.actor,
                number=number,
                record_id=record_id,
                why=form.cleaned_data["why"],
                words=form.cleaned_data["words"],
                papers=sent_papers(form),
            )
        except HuiminError as error:
            form.refuse(error, field="paper" if error.code.startswith("paper") else "")
        else:
            messages.success(request, _("已收到您的异议。核实需要最多 15 天，结果以短信告知；其间这条记录标为有异议。"))
            return redirect("health-records", city_code=request.city.code)
    return render(request, "resident/health_contest.html", {"record": record, "form": form})


def _people(request: CityRequest) -> list[dict[str, Any]]:
    city = request.city
    guarded = records_guarded_by(city, request.resident, today(city))
    names, contests = named_persons(city, guarded), _contests(request)
    policies = {policy.insured_id for policy in policies_of(city, request.resident)}
    return [
        {
            "name": names[one].name,
            "covered": one in policies,
            "records": [(record, contests.get(record.id)) for record in records_of(city, one)],
        }
        for one in sorted(guarded, key=lambda key: (key != request.resident.id, key))
    ]


def _contests(request: CityRequest) -> dict[int, RequestFacts]:
    """The last contest of each record, by record."""
    policies = [policy.id for policy in policies_of(request.city, request.resident)]
    stories = [one for one in requests_about(request.city, policies) if one.facts.asks is Asks.CONTEST]
    return {one.content["record"]: one.facts for one in reversed(stories)}


def _own(request: CityRequest, record_id: int) -> tuple[KnownRecord, str]:
    """The record, and a policy of the person whose it is; 404 for records of others."""
    guarded = records_guarded_by(request.city, request.resident, today(request.city))
    policies = {policy.insured_id: policy.number for policy in policies_of(request.city, request.resident)}
    for person in guarded & policies.keys():
        for record in records_of(request.city, person):
            if record.id == record_id:
                return record, policies[person]
    raise Http404
