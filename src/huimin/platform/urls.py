"""Addresses: the API, staff log-in, and each city's pages under its own name."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from huimin.platform.api.v1 import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
]
