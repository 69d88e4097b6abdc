from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Reversals are found by the bill that they name, whoever's; and those that wait by how long."""

    dependencies: ClassVar = [("claims", "0006_would_pay")]
    operations: ClassVar = [
        migrations.RemoveIndex("settlementfact", "reversals_of_member"),
        migrations.AddIndex(
            "settlementfact",
            models.Index(fields=["city", "reverses"], name="reversals_of_bill", condition=Q(reverses__isnull=False)),
        ),
        migrations.AddIndex(
            "settlementfact",
            models.Index(fields=["city", "received_at"], name="reversals_waiting", condition=Q(policy__isnull=True)),
        ),
    ]
