"""Messages are tasks of the one queue of work from now on. Their table goes with them: tasks/migrations."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("foundation", "0008_exchanges"), ("tasks", "0001_from_the_outbox")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("OutboxMessage")])
    ]
