"""Pages for what went wrong. They say what to do next and repeat nothing of the request."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

__all__ = ["broken", "forbidden", "not_found"]


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    return render(request, "errors/404.html", {"next_address": "/"}, status=404)


def forbidden(request: HttpRequest, reason: str = "", exception: object = None) -> HttpResponse:
    return render(request, "errors/403.html", {"next_address": "/"}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", {"next_address": "/"}, status=500)
