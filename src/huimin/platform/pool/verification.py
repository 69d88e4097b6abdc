"""Computes the monthly statements of rounding again from the journal's other entries."""

from __future__ import annotations

from collections.abc import Iterator

from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.pool.statements import statement_faults

__all__ = ["recompute_roundings"]


def recompute_roundings(city: City, result: Verification) -> Iterator[Entry]:
    """The entries that the statements should have posted. Adds a fault for each statement that differs."""
    faults, statements = statement_faults(city)
    result.faults += faults
    for statement in statements:
        yield statement.entry()
