"""Addresses: the API and the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from huimin.platform.api.v1 import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("huimin.platform.web.urls")),
]
handler400 = "huimin.platform.web.views.errors.unreadable"
handler403 = "huimin.platform.web.views.errors.forbidden"
handler404 = "huimin.platform.web.views.errors.not_found"
handler500 = "huimin.platform.web.views.errors.broken"
