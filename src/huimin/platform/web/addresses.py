"""Which action of the table of permissions each address of the pages is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from huimin.platform.foundation.permissions import Action
from huimin.platform.web.accounts import account_urls

__all__ = ["Address", "addresses_of", "page_addresses"]

_WITHOUT_A_CITY = ("cities", "display", "set_language", "problems", "problem")
_ELSEWHERE: Mapping[str | None, Action] = {
    **dict.fromkeys(_WITHOUT_A_CITY, Action.READ_PUBLIC),
    **dict.fromkeys((pattern.name for pattern in account_urls), Action.MANAGE_ACCOUNT),
}
"""Pages that belong to no city, or are not ours, by the name of their address. All others name their own actions."""


@dataclass(frozen=True, slots=True)
class Address:
    """`route` as in urls.py. `actions` is empty if the page does not say what it is for; a test refuses that."""

    name: str
    route: str
    actions: tuple[Action, ...]


def page_addresses() -> list[Address]:
    """Every address of the pages, in the order of urls.py."""
    return list(addresses_of(get_resolver("huimin.platform.web.urls").url_patterns))


def addresses_of(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[Address]:
    """The addresses of these patterns; `before` is what comes before them in each address."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses_of(one.url_patterns, route)
        else:
            named = _ELSEWHERE.get(one.name)
            yield Address(one.name or "", route, getattr(one.callback, "actions", (named,) if named else ()))
