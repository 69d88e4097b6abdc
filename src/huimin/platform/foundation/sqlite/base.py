"""SQLite as Django has it, with what we keep for each connection."""

from __future__ import annotations

from django.db.backends.sqlite3 import base

from huimin.platform.foundation.kept import Keeping

__all__ = ["DatabaseWrapper"]


class DatabaseWrapper(Keeping, base.DatabaseWrapper):
    pass
