"""Shares say how ties are broken under them. Those that are in force keep the old way, so that their entries verify."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_CHOICES = [(1, "SHA-256"), (2, "HMAC-SHA-256")]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("pool", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            "share", "tie_break", models.PositiveSmallIntegerField(choices=_CHOICES, default=1), preserve_default=True
        ),
        migrations.AlterField("share", "tie_break", models.PositiveSmallIntegerField(choices=_CHOICES, default=2)),
    ]
