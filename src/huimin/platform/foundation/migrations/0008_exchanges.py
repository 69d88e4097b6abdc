"""The record of what was asked of parties outside, and what they answered."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from huimin.platform.foundation.fields import EncryptedTextField, ReservedKey
from huimin.platform.foundation.triggers import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("foundation", "0007_pharmacies")]
    operations: ClassVar = [
        migrations.CreateModel(
            "Exchange",
            [
                ("id", ReservedKey()),
                ("at", models.DateTimeField()),
                ("party", models.CharField(max_length=30)),
                ("operation", models.CharField(max_length=30)),
                ("key", models.CharField(max_length=200)),
                ("outcome", models.CharField(max_length=12)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("milliseconds", models.PositiveIntegerField()),
                ("asked", EncryptedTextField()),
                ("answered", EncryptedTextField()),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.city"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["city", "key"], name="exchanges_about")]},
        ),
        append_only("foundation_exchange"),
    ]
