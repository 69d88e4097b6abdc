"""How pages write days, and which language they speak."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language

__all__ = ["day_in_words", "page_language"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def page_language() -> str:
    """The page's language as the core's wording knows it: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def day_in_words(value: date) -> str:
    """2022年1月7日, or 7 January 2022."""
    if page_language() == "en":
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"
