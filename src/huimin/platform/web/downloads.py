"""Files that a page gives out."""

from __future__ import annotations

from django.http import HttpResponse

__all__ = ["excel_file"]

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def excel_file(content: bytes, name: str) -> HttpResponse:
    """An Excel file to be kept under this name, which has its ending."""
    return HttpResponse(content, _EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}"'})
