from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A bill says which kind of party its sender is in the journal.

    The column may be null and has no default, so that SQLite adds it without making the table, and its triggers, anew.
    """

    dependencies: ClassVar = [("claims", "0007_waiting_reversals")]
    operations: ClassVar = [
        migrations.AddField("settlementfact", "payee_kind", models.CharField(max_length=20, null=True)),
    ]
