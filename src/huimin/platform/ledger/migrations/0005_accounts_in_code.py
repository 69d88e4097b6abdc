from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Which accounts there are is said in code alone (`ledger/accounts`), so that a new one needs no migration."""

    dependencies: ClassVar = [("ledger", "0004_overpayment_receivable")]
    operations: ClassVar = [
        migrations.AlterField("posting", "account", models.CharField(max_length=30)),
    ]
