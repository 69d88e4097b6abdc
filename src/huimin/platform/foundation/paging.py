"""One page of a long list, counted and cut in SQL, so that a list of ten thousand rows is never loaded whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

__all__ = ["PAGE_SIZE", "Paged", "cut", "page_number", "paged"]

PAGE_SIZE = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """The rows of page `number` (from 1), out of `total` rows in `pages` pages. An empty list has one page."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def paged(rows: QuerySet[Any], number: int, size: int = PAGE_SIZE) -> Paged[Any]:
    """Page `number` of ordered rows, in two statements. A number past the end gives the last page."""
    return _page(rows, rows.count(), number, size)


def cut(rows: Sequence[T], number: int, size: int = PAGE_SIZE) -> Paged[T]:
    """As `paged`, of a list that had to be worked out whole."""
    return _page(rows, len(rows), number, size)


def _page(rows: QuerySet[Any] | Sequence[T], total: int, number: int, size: int) -> Paged[T]:
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    return Paged(list(rows[(number - 1) * size : number * size]), number, pages, total)


def page_number(text: str | None) -> int:
    """The page number in an address (`?page=3`); 1 if it is not a number."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else 1
