"""Enrolment sessions as they were: found by order, policy or person, as a time line, and each page as it was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from huimin.errors import HuiminError, InputError
from huimin.platform.disclosure.api import (
    Did,
    KeptMoment,
    KeptPage,
    KeptSession,
    kept_moments,
    kept_page,
    sessions_of_order,
    sessions_of_person,
)
from huimin.platform.enrolment.api import order_of_policy
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import find_person, named_persons
from huimin.platform.web.audit_words import actor_in_words
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import SessionsForm
from huimin.platform.web.looking import looked
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["moment", "page", "session", "sessions"]

_PURPOSE = "proof of what was shown"
_SANDBOX = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
_STYLE_LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_PAGES = {
    "enrol": gettext_lazy("为谁投保"),
    "enrol-add": gettext_lazy("添加家人"),
    "enrol-remove": gettext_lazy("移除一人"),
    "enrol-edition": gettext_lazy("选择版本"),
    "enrol-advice": gettext_lazy("我们的建议"),
    "enrol-terms": gettext_lazy("保什么，不保什么"),
    "enrol-key-terms": gettext_lazy("重要条款"),
    "enrol-pay": gettext_lazy("确认并支付"),
    "order": gettext_lazy("投保结果"),
    "order-status": gettext_lazy("投保结果"),
}
_FIELDS = {
    "do": gettext_lazy("办理"),
    "relation": gettext_lazy("与您的关系"),
    "name": gettext_lazy("姓名"),
    "id_number": gettext_lazy("身份证号码"),
    "edition": gettext_lazy("版本"),
    "consent": gettext_lazy("同意"),
    "decision": gettext_lazy("决定"),
    "words": gettext_lazy("所示文字的摘要"),
    "part": gettext_lazy("第几条"),
    "shown_at": gettext_lazy("出示时间"),
    "confirmed_at": gettext_lazy("确认时间"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A moment as the time line tells it."""

    moment: KeptMoment
    words: str
    sent: Sequence[tuple[str, str]]

    @property
    def leads_outside(self) -> bool:
        return self.moment.leads_to.startswith("http")


@staff_page(Action.SEE_SESSIONS)
def sessions(request: CityRequest) -> HttpResponse:
    """Find the sessions of an order, a policy or a person. Each search is written into the audit."""
    form, found = SessionsForm(posted(request)), []
    if form.is_valid():
        looked(request, Action.SEE_SESSIONS, "sessions_searched", "sessions", _PURPOSE)
        try:
            found = _found(request.city, form.cleaned_data)
        except InputError as error:
            form.refuse(error, field="id_number")
    context = {"form": form, "asked": form.is_bound and not form.errors, "sessions": _named(request.city, found)}
    return render(request, "staff/sessions.html", context, status=422 if form.errors else 200)


def _found(city: City, asked: Mapping[str, str]) -> list[KeptSession]:
    if asked["reference"]:
        reference = order_of_policy(city, asked["reference"]) or asked["reference"]
        return sessions_of_order(city, reference)
    if not (asked["id_number"] and asked["name"]):
        return []
    person = find_person(city=city, id_number=asked["id_number"], name=asked["name"])
    return sessions_of_person(city, person.id) if person is not None else []


def _named(city: City, found: Sequence[KeptSession]) -> list[tuple[KeptSession, str, str]]:
    people = named_persons(city, {one.resident_id for one in found})
    return [(one, people[one.resident_id].name, actor_in_words(one.by)) for one in found]


@staff_page(Action.SEE_SESSIONS)
def session(request: CityRequest, session: str) -> HttpResponse:
    """One session from its first page to its result."""
    lines = [_line(one) for one in kept_moments(request.city, session)]
    if not lines:
        raise Http404
    looked(request, Action.SEE_SESSIONS, "session_replayed", f"sales_session:{session}", _PURPOSE)
    first = lines[0].moment
    context = {
        "lines": lines,
        "session": session,
        "name": named_persons(request.city, [first.resident_id])[first.resident_id].name,
        "by": actor_in_words(first.by),
        "order": next((line.moment.order for line in lines if line.moment.order), ""),
        "size": sum(line.moment.size for line in lines),
    }
    return render(request, "staff/session.html", context)


@staff_page(Action.SEE_SESSIONS)
def moment(request: CityRequest, session: str, moment_id: int) -> HttpResponse:
    """One moment, with its page in full width and the moments before and after it."""
    lines = [_line(one) for one in kept_moments(request.city, session)]
    place = next((place for place, line in enumerate(lines) if line.moment.id == moment_id), None)
    if place is None:
        raise Http404
    context = {
        "line": lines[place],
        "session": session,
        "before": lines[place - 1].moment.id if place else None,
        "after": lines[place + 1].moment.id if place + 1 < len(lines) else None,
        "number": place + 1,
        "count": len(lines),
    }
    return render(request, "staff/session_moment.html", context)


@staff_page(Action.SEE_SESSIONS)
@xframe_options_sameorigin
def page(request: CityRequest, session: str, moment_id: int) -> HttpResponse:
    """The page as it was sent, in the style sheets of its time: nothing of it runs, loads or leads anywhere."""
    try:
        found = kept_page(request.city, session, moment_id)
    except HuiminError as error:
        return HttpResponse(error.message, status=500, content_type="text/plain; charset=utf-8")
    if found is None:
        raise Http404
    looked(request, Action.SEE_SESSIONS, "session_page_opened", f"sales_session:{session}:{moment_id}", _PURPOSE)
    if request.GET.get("bytes"):
        response = HttpResponse(found.content, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = f'attachment; filename="{found.moment.page_digest}.html"'
        return response
    response = HttpResponse(_dressed(found))
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response


def _dressed(found: KeptPage) -> str:
    """The page with its style sheets inside, since those of today may differ. Part of a page gets a frame."""
    html = found.content.decode()
    if "<html" not in html:
        links = "".join(f'<link rel="stylesheet" href="{address}">' for address in found.styles)
        large = ' class="large"' if found.moment.large else ""
        html = f'<!doctype html><html data-theme="light"{large}><head>{links}</head><body><main>{html}</main></body>'
    return _STYLE_LINK.sub(lambda link: f"<style>{found.styles.get(link[1], '')}</style>", html)


def _line(one: KeptMoment) -> Line:
    words = _PAGES.get(one.address)
    sent = [(str(_FIELDS.get(name, name)), "、".join(values)) for name, values in one.sent.items()]
    if one.did is Did.REPORTED:
        return Line(one, _("渠道自报：%(page)s") % {"page": one.address}, sent)
    return Line(one, str(words) if words is not None else one.address, sent)
