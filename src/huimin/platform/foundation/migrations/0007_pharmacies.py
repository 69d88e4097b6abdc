from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_KINDS = [("hospital", "Hospital"), ("pharmacy", "Pharmacy"), ("channel", "Channel"), ("bureau", "Bureau")]


class Migration(migrations.Migration):
    """A pharmacy is a client of a kind of its own."""

    dependencies: ClassVar = [("foundation", "0006_second_person")]
    operations: ClassVar = [
        migrations.AlterField("apiclient", "kind", models.CharField(choices=_KINDS, max_length=20)),
    ]
