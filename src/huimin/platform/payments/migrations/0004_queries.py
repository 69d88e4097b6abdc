"""When the payment company is asked next about a payment of which no notice came."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.utils import timezone


def ask_once_more(apps: Any, schema_editor: Any) -> None:
    """Payments that wait from before are asked about, beginning now."""
    payments = apps.get_model("payments", "Payment")._default_manager
    payments.exclude(status="paid").update(query_at=timezone.now())


class Migration(migrations.Migration):
    dependencies: ClassVar = [("payments", "0003_receipts")]
    operations: ClassVar = [
        migrations.AddField("payment", "query_at", models.DateTimeField(null=True)),
        migrations.AddField("payment", "queries", models.PositiveSmallIntegerField(default=0)),
        migrations.AddIndex(
            "payment",
            models.Index(
                fields=["query_at"], name="payments_to_query", condition=models.Q(("status", "paid"), _negated=True)
            ),
        ),
        migrations.RunPython(ask_once_more, migrations.RunPython.noop),
    ]
