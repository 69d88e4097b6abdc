"""Holds every test to one rule: a row is written back only by a transaction that has locked it, or made it.

SQLite has no locks on rows, so that a lock which is missing there is not noticed before two workers meet on PostgreSQL.
Here what was read with a lock is remembered until the transaction ends, on either database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from django.db import connection, models
from django.db.models.query import QuerySet
from django.db.transaction import Atomic

from huimin.platform.enrolment.models import Order, OrderLine, PolicyDifference
from huimin.platform.foundation.rows import CityQuerySet
from huimin.platform.foundation.statements import Question
from huimin.platform.payments.models import Payment

__all__ = ["LOCKED", "rows_are_locked_before_they_are_written"]

LOCKED: Counter[str] = Counter()
"""What was read with a lock, and how often, since somebody emptied this."""

Key = tuple[type[models.Model], int | None]
_GUARDS: dict[type[models.Model], Callable[[Any], list[Key]]] = {
    Order: lambda row: [(Payment, row.payment_id)],
    OrderLine: lambda row: [(Order, row.order_id), (Payment, row.order.payment_id)],
    PolicyDifference: lambda row: [(Order, row.order_id), (Payment, row.order.payment_id)],
}
"""Rows that are written back without a lock of their own: one of these is locked instead."""


class NotLockedError(AssertionError):
    """A row was written back by a transaction that had not locked it."""


class _Held:
    def __init__(self) -> None:
        self.rows: set[Key] = set()

    def hold(self, rows: Sequence[object]) -> None:
        self.rows |= {(type(row), row.pk) for row in rows if isinstance(row, models.Model) and row.pk is not None}

    def refuse_unlocked(self, rows: Sequence[models.Model]) -> None:
        for row in rows:
            guards = _GUARDS[type(row)](row) if type(row) in _GUARDS else []
            if self.rows.isdisjoint([(type(row), row.pk), *guards]):
                raise NotLockedError(f"{row._meta.db_table} {row.pk} is written back, and was not locked before")

    def end(self) -> None:
        """A transaction has ended, if only the test's own is left."""
        if all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            self.rows.clear()


@contextmanager
def rows_are_locked_before_they_are_written() -> Iterator[None]:
    held = _Held()
    asking, fetch_all, leave = CityQuerySet.asking, QuerySet._fetch_all, Atomic.__exit__
    picking = CityQuerySet.picking
    insert, rewrite, rewrite_each = CityQuerySet.insert, CityQuerySet.rewrite, CityQuerySet.rewrite_each
    queue, save = CityQuerySet.queue, models.Model.save

    def asked(self: Any, city: Any, where: Any, *, lock: bool = False, **named: Any) -> Question[Any]:
        question = asking(self, city, where, lock=lock, **named)
        LOCKED.update([f"{self.model._meta.db_table} by {', '.join(sorted(where))}"] if lock else [])
        return replace(question, made=_then(question.made, held.hold)) if lock else question

    def picked(self: Any, city: Any, names: Any, where: Any, *more: Any, lock: bool = False) -> Question[Any]:
        LOCKED.update([f"{self.model._meta.db_table} by {', '.join(sorted(where))}"] if lock else [])
        return picking(self, city, names, where, *more, lock=lock)

    def fetched(self: Any) -> None:
        fetch_all(self)
        if self.query.select_for_update:
            LOCKED.update([f"{self.model._meta.db_table} by a query"])
            held.hold(self._result_cache)

    def left(self: Any, *arguments: Any) -> Any:
        try:
            return leave(self, *arguments)
        finally:
            held.end()

    def inserted(self: Any, rows: Any) -> None:
        made = list(rows)
        insert(self, made)
        held.hold(made)

    def queued(self: Any, rows: Any, *, keyed: bool = False) -> None:
        made = list(rows)
        queue(self, made, keyed=keyed)
        held.hold(made)

    def saved(self: Any, *arguments: Any, **named: Any) -> None:
        save(self, *arguments, **named)
        held.hold([self])

    def rewritten(self: Any, row: Any, *names: str) -> None:
        held.refuse_unlocked([row])
        rewrite(self, row, *names)

    def each_rewritten(self: Any, rows: Any, *names: str) -> None:
        held.refuse_unlocked(rows)
        rewrite_each(self, rows, *names)

    with (
        patch.object(CityQuerySet, "asking", asked),
        patch.object(CityQuerySet, "picking", picked),
        patch.object(CityQuerySet, "insert", inserted),
        patch.object(CityQuerySet, "queue", queued),
        patch.object(CityQuerySet, "rewrite", rewritten),
        patch.object(CityQuerySet, "rewrite_each", each_rewritten),
        patch.object(models.Model, "save", saved),
        patch.object(QuerySet, "_fetch_all", fetched),
        patch.object(Atomic, "__exit__", left),
    ):
        yield


def _then(made: Callable[[Any], Any], after: Callable[[Any], None]) -> Callable[[Any], Any]:
    def both(found: Any) -> Any:
        rows = made(found)
        after(rows)
        return rows

    return both
