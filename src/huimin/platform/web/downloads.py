"""Files that a page gives out."""

from __future__ import annotations

from django.http import HttpResponse

__all__ = ["excel_file", "pdf_shown"]

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def excel_file(content: bytes, name: str) -> HttpResponse:
    """An Excel file to be kept under this name, which has its ending."""
    return HttpResponse(content, _EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def pdf_shown(content: bytes, name: str) -> HttpResponse:
    """A PDF to be looked at, and kept under this name, which has no ending."""
    return HttpResponse(content, "application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})
