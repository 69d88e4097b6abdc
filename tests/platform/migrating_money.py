"""An installation from before receipts and keyed ties, brought to the newest: run by test_migrating_money."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import django
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

OLD = [
    ("foundation", "0002_append_only"),
    ("catalogue", "0002_initial"),
    ("ledger", "0002_append_only"),
    ("pool", "0001_initial"),
    ("payments", "0002_append_only"),
]
NOW = datetime(2022, 2, 1, tzinfo=UTC)


def migrated(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def fill(apps: Any) -> None:
    """A share, an entry, a payment that was paid, and one of which another amount was told."""
    city = apps.get_model("foundation", "City").objects.create(code="old", name_zh="旧", name_en="Old")
    year = apps.get_model("catalogue", "PlanYear").objects.create(
        city=city,
        plan_id="p",
        plan_digest="d",
        program_digest="d",
        plan_text="",
        sources_text="",
        window_first_day=date(2021, 12, 1),
        window_last_day=date(2022, 2, 28),
        published_at=NOW,
    )
    insurer = apps.get_model("pool", "Insurer").objects.create(city=city, code="lead", name_zh="主", name_en="Lead")
    apps.get_model("pool", "Share").objects.create(
        city=city, plan_year=year, insurer=insurer, basis_points=10_000, is_lead=True, from_day=date(2022, 1, 1)
    )
    apps.get_model("ledger", "JournalEntry").objects.create(
        city=city, kind="premium_shared", source="policy:1", cause="order:1", posted_at=NOW
    )
    payments, notices = apps.get_model("payments", "Payment"), apps.get_model("payments", "PaymentNotice")
    common = {"city": city, "provider": "sandbox", "amount": 158_00, "created_at": NOW}
    paid = payments.objects.create(reference="R1", status="paid", provider_transaction="T1", paid_at=NOW, **common)
    waiting = payments.objects.create(reference="R2", **common)
    told = {"city": city, "received_at": NOW, "status": "paid"}
    notices.objects.create(payment=paid, notice_id="N1", amount=158_00, verdict="paid", **told)
    notices.objects.create(payment=waiting, notice_id="N2", amount=157_99, verdict="other_amount", **told)


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def main() -> None:
    django.setup()
    fill(migrated(OLD))
    # The command, as an installation calls it: it puts back the triggers of tables that SQLite made anew.
    call_command("migrate", verbosity=0)
    from huimin.platform.ledger.models import JournalEntry
    from huimin.platform.payments.models import PaymentCase, PaymentNotice, Receipt
    from huimin.platform.pool.models import Share

    (receipt,) = Receipt.objects.all()
    assert (receipt.provider, receipt.transaction, receipt.reference) == ("sandbox", "T1", "R1")
    assert (receipt.amount, receipt.purpose, receipt.payment.reference) == (158_00, "cover", "R1")
    (case,) = PaymentCase.objects.all()
    assert (case.kind, case.reference, case.amount, case.closed_at) == ("other_amount", "R2", 157_99, None)
    assert [notice.verdict for notice in PaymentNotice.objects.order_by("pk")] == ["paid", "other_amount"]
    assert Share.objects.get().tie_break == 1
    assert JournalEntry.objects.get().sharing is None
    for table in ("payments_paymentnotice", "payments_receipt", "ledger_journalentry"):
        for verb in ("DELETE FROM {}", "UPDATE {} SET city_id = city_id"):
            assert refused(verb.format(table)), (verb, table)
    print("migrated")


main()
