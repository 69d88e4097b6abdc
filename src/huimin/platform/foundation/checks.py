"""Checks before the platform serves: keys are set, and the embedded database keeps everything it has acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from huimin.platform.foundation.keys import key_faults

__all__ = ["keys_can_be_used", "sqlite_keeps_what_it_acknowledges", "tables_are_up_to_date"]

_EXPECTED_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@register(Tags.security)
def keys_can_be_used(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    hint = "Run `make run`, which makes keys.json, or set the secrets in the environment (docs/keys.md)."
    return [Error(fault, hint=hint, id="huimin.E001") for fault in key_faults()]


@register(Tags.database)
def sqlite_keeps_what_it_acknowledges(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check WAL, synchronous=FULL and foreign keys in the open database itself, not in the settings."""
    faults: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "sqlite" or connection.settings_dict["NAME"] == ":memory:":
            continue
        with connection.cursor() as cursor:
            for pragma, expected in _EXPECTED_PRAGMAS.items():
                (found,) = cursor.execute(f"PRAGMA {pragma}").fetchone()
                if found != expected:
                    message = f"SQLite has {pragma}={found}; expected {expected}"
                    faults.append(Error(message, id="huimin.E002"))
    return faults


def tables_are_up_to_date() -> bool:
    """Whether every migration of this version was applied to the database."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
