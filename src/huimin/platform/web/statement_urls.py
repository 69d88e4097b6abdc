"""Addresses of the staff's pages of hospitals' statements, below `hospitals/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from huimin.platform.web.views import hospital_statements as views

__all__ = ["statement_urls"]

statement_urls: list[URLPattern] = [
    path("", views.statement_list, name="hospital-statements"),
    path("<int:statement_id>/", views.one, name="hospital-statement"),
    path("<int:statement_id>/sheet/", views.sheet, name="hospital-sheet"),
    path("<int:statement_id>/upload/", views.upload, name="hospital-upload"),
    path("<int:statement_id>/account/", views.account, name="hospital-account"),
    path("<int:statement_id>/account/answer/", views.account_answer, name="hospital-account-answer"),
    path("lines/<int:line_id>/", views.line, name="hospital-line"),
]
