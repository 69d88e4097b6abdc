"""Published outcomes of real plans: one row a figure, with its source, its date and how far it can be trusted."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

__all__ = ["Published", "published_outcomes"]


@dataclass(frozen=True, slots=True)
class Published:
    """One figure. `measure` and `unit` are words of published.csv; a measure `derived_…` is arithmetic on others."""

    plan: str
    catalogue: str
    """The plan's name in our catalogue without its year; empty where it has none."""
    cover_from: date | None
    """The first day of the cover that the figure is about; None where the source does not say."""
    measure: str
    value: Decimal
    unit: str
    as_of: str
    """YYYY, YYYY-MM or YYYY-MM-DD: what was known by then."""
    source: str
    confidence: str
    """A official or major press, B portal or mirror, C weak or recalled, D arithmetic."""
    note: str


@cache
def published_outcomes() -> tuple[Published, ...]:
    """Every figure, in the order of the file."""
    text = (files(__package__) / "published.csv").read_text("utf-8")
    return tuple(_published(row) for row in csv.DictReader(text.splitlines()))


def _published(row: dict[str, str]) -> Published:
    first_day = row["cover_from"]
    return Published(
        plan=row["plan"],
        catalogue=row["catalogue"],
        cover_from=date.fromisoformat(first_day) if first_day else None,
        measure=row["measure"],
        value=Decimal(row["value"]),
        unit=row["unit"],
        as_of=row["as_of"],
        source=row["source"],
        confidence=row["confidence"],
        note=row["note"],
    )
