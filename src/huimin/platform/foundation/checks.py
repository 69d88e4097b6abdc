"""What must hold before the platform serves: keys are set, and the embedded database keeps what it acknowledges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

_KEY_LENGTH = 64
_EXPECTED_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@register(Tags.security)
def keys_are_set(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    faults: list[CheckMessage] = []
    if len(settings.DATA_KEY) != _KEY_LENGTH:
        hint = "Run `make run`, which makes keys.json, or set HUIMIN_DATA_KEY to 64 hexadecimal digits."
        faults.append(Error("The key for personal data is not set.", hint=hint, id="huimin.E001"))
    return faults


@register(Tags.database)
def sqlite_keeps_what_it_acknowledges(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """WAL, synchronous=FULL and foreign keys, asked of the open database and not of the settings."""
    faults: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "sqlite" or connection.settings_dict["NAME"] == ":memory:":
            continue
        with connection.cursor() as cursor:
            for pragma, expected in _EXPECTED_PRAGMAS.items():
                found = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
                if found != expected:
                    message = f"SQLite has {pragma}={found}; expected {expected}"
                    faults.append(Error(message, id="huimin.E002"))
    return faults
