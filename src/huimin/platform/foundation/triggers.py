"""Database triggers that refuse changes to facts, for both databases. Used by migrations only."""

from __future__ import annotations

from typing import Any

from django.db import migrations

__all__ = ["append_only", "append_only_again"]

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION huimin_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION huimin_append_only();
"""


def append_only(*tables: str) -> migrations.RunPython:
    """The migration operation that makes these tables append-only."""

    def create(apps: Any, schema_editor: Any) -> None:
        statements = []
        if schema_editor.connection.vendor == "sqlite":
            statements = [_SQLITE.format(table=table, verb=verb) for table in tables for verb in ("update", "delete")]
        else:
            statements = [_POSTGRESQL_FUNCTION, *(_POSTGRESQL.format(table=table) for table in tables)]
        for statement in statements:
            # No parameters at all, since plpgsql's % is not a placeholder.
            schema_editor.execute(statement, params=None)

    def drop(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            if schema_editor.connection.vendor == "sqlite":
                for verb in ("update", "delete"):
                    schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
            else:
                schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")

    return migrations.RunPython(create, drop)


def append_only_again(*tables: str) -> migrations.RunPython:
    """Put the triggers back after a change of the tables' columns: SQLite makes a table anew, and drops them with it.

    PostgreSQL keeps them.
    """

    def create(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            for table in tables:
                for verb in ("update", "delete"):
                    statement = _SQLITE.format(table=table, verb=verb)
                    schema_editor.execute(
                        statement.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS"), params=None
                    )

    return migrations.RunPython(create, migrations.RunPython.noop)
