"""What one can do who may write to the database: put the triggers aside, change a row, bring them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from huimin.platform.foundation.rebinding import triggers_lifted

__all__ = ["behind_the_triggers"]


@contextmanager
def behind_the_triggers(table: str) -> Iterator[Any]:
    with triggers_lifted(connection, table), connection.cursor() as cursor:
        yield cursor
