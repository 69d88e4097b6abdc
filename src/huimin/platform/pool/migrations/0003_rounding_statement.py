"""Monthly statements of what rounding left between insurers."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from huimin.platform.foundation.triggers import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("foundation", "0002_append_only"), ("pool", "0002_tie_break")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="RoundingStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("closed_at", models.DateTimeField()),
                ("closed_by", models.CharField(max_length=80)),
                ("lines", models.JSONField()),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.city"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("city", "month"), name="one_rounding_statement")],
            },
        ),
        append_only("pool_roundingstatement"),
    ]
