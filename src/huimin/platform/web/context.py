"""What every template gets: the city, the signed-in resident, the language and the size of letters."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from huimin.platform.foundation.models import City
from huimin.platform.web.days import page_language
from huimin.platform.web.session import resident_in_session

__all__ = ["city_and_resident", "is_large"]


def is_large(request: HttpRequest) -> bool:
    """Whether the page is in elderly mode (大字版): the reader asked for it, or the page has to be plain."""
    return getattr(request, "elderly", False) or request.COOKIES.get("large") == "1"


def city_and_resident(request: HttpRequest) -> dict[str, Any]:
    city: City | None = getattr(request, "city", None)
    return {
        "city": city,
        "resident": resident_in_session(request) if city else None,
        "language": page_language(),
        "large": is_large(request),
        "sandbox": f"{settings.MESSAGE_GATEWAY}/" if city and city.demonstration_day else None,
    }
