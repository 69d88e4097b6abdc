"""Blocks of writes: transactions whose writes wait for the end and go to the database together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from huimin.platform.foundation.kept import Block, kept

__all__ = ["QueuedModelError", "refuse_queued", "together"]


class QueuedModelError(RuntimeError):
    """A mistake in the program: a block reads a table for which it has writes that are not sent yet."""


@contextmanager
def together(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction whose queued writes go to the database at its end; to PostgreSQL in one round, with its COMMIT.

    A block inside a block is part of it. On both databases errors of the writes are raised at the block's end.
    """
    keeping = kept(connection)
    if keeping.block is not None:
        yield
        return
    outermost = not connection.in_atomic_block
    with transaction.atomic(connection.alias):
        block = keeping.block = Block()
        try:
            yield
        finally:
            keeping.block = None
        _send(connection, block, commit=outermost)


def _send(connection: BaseDatabaseWrapper, block: Block, *, commit: bool) -> None:
    if not block.writes:
        return
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            for text, values in block.writes:
                cursor.execute(text, values)
        return
    # psycopg's errors come when the round ends, outside any cursor that would translate them.
    with connection.wrap_database_errors, connection.connection.one_round(), connection.cursor() as cursor:
        for text, values in block.writes:
            cursor.execute(text, values)
        if commit:
            # Django commits after this, but psycopg then finds no open transaction and sends nothing.
            cursor.execute("COMMIT")


def refuse_queued(connection: BaseDatabaseWrapper, model: type[models.Model]) -> None:
    """Raise QueuedModelError if the open block has unsent writes of this model."""
    block = kept(connection).block
    if block is not None and model in block.models:
        raise QueuedModelError(f"{model.__name__} is read in a block that has written it; read first, then write")
