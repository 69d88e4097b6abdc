"""Database triggers that refuse changes to facts, for both databases.

Missing triggers are created after every migration, for new tables and for those that SQLite made anew: it does so for
many kinds of changes, and drops the triggers with the old table.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps as installed
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["ensure_triggers", "expiring_tables", "protected_tables"]

_FACT = "is append-only"
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} {rule}'); END;
"""
_SQLITE_EXPIRING = """
CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} WHEN OLD.keep_until >= date('now')
BEGIN SELECT RAISE(ABORT, '{table} keeps its rows until their time'); END;
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION huimin_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
"""
_POSTGRESQL_KEPT_FUNCTION = """
CREATE OR REPLACE FUNCTION huimin_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% keeps its rows', TG_TABLE_NAME; END $$;
"""
_POSTGRESQL_KEPT = {
    "append_only": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION huimin_append_only()",
    "no_delete": "BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION huimin_kept()",
    "no_truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION huimin_kept()",
}

_POSTGRESQL_EXPIRING = {
    **_POSTGRESQL_KEPT,
    "append_only": "BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION huimin_append_only()",
    "no_delete": "BEFORE DELETE ON {table} FOR EACH ROW WHEN (OLD.keep_until >= CURRENT_DATE) "
    "EXECUTE FUNCTION huimin_kept()",
}


def expiring_tables() -> set[str]:
    """Tables whose rows may go once they were kept for as long as the law asks."""
    return {model._meta.db_table for model in installed.get_models() if hasattr(model, "kept_years")}


def protected_tables() -> dict[str, bool]:
    """The tables whose rows are never deleted, by name; true for those whose rows never change either."""
    found = {}
    for model in installed.get_models():
        if getattr(model, "append_only", False):
            found[model._meta.db_table] = True
        elif getattr(model, "sealed", ()):
            found[model._meta.db_table] = False
    return found


def ensure_triggers(sender: object, using: str = "default", **kwargs: Any) -> None:
    """Create every trigger that is missing. Called after each migration of the database."""
    connection = connections[using]
    there = {*connection.introspection.table_names()}
    for table, facts in protected_tables().items():
        if table in there:
            _protect(connection, table, facts, table in expiring_tables())


def _protect(connection: BaseDatabaseWrapper, table: str, facts: bool, expiring: bool) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for verb in ("update", "delete") if facts else ("delete",):
                rule = _FACT if facts else "keeps its rows"
                text = _SQLITE_EXPIRING if expiring and verb == "delete" else _SQLITE
                cursor.execute(text.format(table=table, verb=verb, rule=rule), None)
            return
        made = _POSTGRESQL_EXPIRING if expiring else _POSTGRESQL_KEPT
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        there = {name for (name,) in cursor.fetchall()}
        facts_of = ("append_only", "no_delete", "no_truncate") if expiring else ("append_only", "no_truncate")
        for name in facts_of if facts else ("no_delete", "no_truncate"):
            if f"{table}_{name}" not in there:
                cursor.execute(_POSTGRESQL_FUNCTION, None)
                cursor.execute(_POSTGRESQL_KEPT_FUNCTION, None)
                cursor.execute(f"CREATE TRIGGER {table}_{name} {made[name].format(table=table)}", None)
