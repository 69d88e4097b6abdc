"""Bills from before ids belonged to senders, brought to the newest: run by test_migrating_money."""

from __future__ import annotations

from datetime import UTC, datetime

import django
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

NOW = datetime(2022, 2, 1, tzinfo=UTC)
ROW = {
    **{"city_id": 1, "policy_id": 1, "client_id": 1, "setl_id": "A", "psn_no": "P1", "setl_time": NOW},
    **{"med_type": "21", "amounts": "{}", "body": b"\x02", "content_digest": "d", "received_at": NOW},
    "payee": "hospital-1",
}


POLICY = {
    **{"id": 1, "city_id": 1, "number": "1", "plan_year_id": 1, "plan_digest": "d", "order_line_id": 1, "holder_id": 1},
    **{"insured_id": 1, "psn_no": "P1", "price": 1, "cover_from": NOW, "cover_to": NOW, "birth_date": NOW, "sex": ""},
    **{"insutype": "310", "area_id": 1, "continuous_years": 0, "claim_free_years": 0, "pre_existing": "[]"},
    "issued_at": NOW,
}


def insert(**changes: object) -> None:
    add("claims_settlementfact", {**ROW, **changes})


def add(table: str, row: dict[str, object]) -> None:
    names, places = ", ".join(row), ", ".join(["%s"] * len(row))
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA foreign_keys = OFF")
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # the rows that a bill names are not there
        text = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608
        cursor.execute(text, list(row.values()))


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def main() -> None:
    django.setup()
    MigrationExecutor(connection).migrate([("claims", "0002_append_only")])
    if connection.vendor == "sqlite":
        connection.check_constraints = lambda table_names=None: None  # type: ignore[method-assign]
    add("enrolment_policy", POLICY)
    insert()
    MigrationExecutor(connection).migrate([("claims", "0003_identity_and_findings")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT setl_id, owing, revision, withdrawn, policy_id FROM claims_settlementfact")
        assert [tuple(map(int, row[1:])) for row in cursor.fetchall()] == [(1, 0, 0, 1)]
    for verb in ("DELETE FROM {}", "UPDATE {} SET city_id = city_id"):
        assert refused(verb.format("claims_settlementfact")), verb
    insert(client_id=2, owing=2, revision=0, withdrawn=False)
    insert(owing=2, revision=1, withdrawn=False)
    insert(setl_id="R", policy_id=None, owing=2, revision=0, withdrawn=False, reverses="A")
    try:
        insert(owing=2, revision=1, withdrawn=False)
    except IntegrityError:
        print("migrated")


main()
