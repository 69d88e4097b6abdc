"""A database that another version of Huimin made is refused before anything in it is touched (ADR 49)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from huimin import __version__
from huimin.errors import HuiminError

__all__ = ["refuse_other_version"]


def refuse_other_version(sender: object, using: str = "default", **kwargs: Any) -> None:
    """Called before each migration of the database. Raises HuiminError (`database_of_another_version`) where steps of
    Huimin's own are recorded that this version does not have: it is older or newer, and what this version would do to
    its tables cannot be right.
    """
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("huimin.")}
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    done = MigrationRecorder(connections[using]).applied_migrations()
    strange = sorted(f"{app}.{name}" for app, name in done if app in own and (app, name) not in known)
    if strange:
        raise HuiminError(
            f"the database: found {len(strange)} steps of another version, such as {strange[-1]}; expected an empty "
            f"database, or one that version {__version__} made. Nothing in it was changed. Start the version that made "
            "it, or name another database (DATABASE_URL, or HUIMIN_HOME for the embedded one)",
            code="database_of_another_version",
        )
