"""Rows beside those that a question asks for: of another person, order, list, day or provider.

A test that adds them sees when a part of a condition is missing, since then too much is found.
"""

from __future__ import annotations

import itertools
from typing import Any, TypeVar

from django.db import models

__all__ = ["beside", "number"]

M = TypeVar("M", bound=models.Model)
_numbers = itertools.count(1)


def number() -> int:
    """A number that no other row of these tests has."""
    return next(_numbers)


def beside(row: M, **changes: Any) -> M:
    """A copy of a row in which these columns are other; foreign keys are given by number, as `line_id`."""
    kept = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}
    made = type(row)(**{**kept, **changes})
    made.save()
    return made
