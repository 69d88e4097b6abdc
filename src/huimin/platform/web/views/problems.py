"""The pages that explain error codes. The `type` of the API's problem documents is their address."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from huimin.error_catalogue import GROUPS, CatalogueEntry, entry_of, error_catalogue
from huimin.platform.web.days import page_language

__all__ = ["problem_type", "problem_types"]


def problem_type(request: HttpRequest, code: str) -> HttpResponse:
    """One code: its sentence and what to do, in the page's language."""
    entry = entry_of(code)
    if entry is None:
        raise Http404
    return render(request, "problems/one.html", {"code": code, "status": entry.status, **_told(entry)})


def problem_types(request: HttpRequest) -> HttpResponse:
    """Every code, group by group."""
    groups = [
        {"title": _title(group), "rows": [{"code": entry.code, **_told(entry)} for entry in entries]}
        for group, entries in groupby(error_catalogue().values(), key=lambda entry: entry.group)
    ]
    return render(request, "problems/all.html", {"groups": groups})


def _told(entry: CatalogueEntry) -> dict[str, str]:
    sentence, mend = entry.words(page_language())
    return {"sentence": sentence, "mend": mend, "group": _title(entry.group)}


def _title(group: str) -> str:
    english, chinese = GROUPS[group]
    return chinese if page_language() == "zh" else english
