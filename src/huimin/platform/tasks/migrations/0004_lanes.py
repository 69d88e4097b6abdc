"""Workers find tasks by lane, in the order in which they are done, however many wait."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_JOBS = "UPDATE tasks_task SET lane = 'jobs' WHERE kind IN ('study', 'recalculation', 'even_out', 'check_books')"


class Migration(migrations.Migration):
    # In steps of their own: PostgreSQL does not change a table in the transaction that changed its rows.
    atomic = False
    dependencies: ClassVar = [("tasks", "0003_keys_and_indexes")]
    operations: ClassVar = [
        migrations.AddField("task", "lane", models.CharField(default="messages", max_length=20), preserve_default=False),
        migrations.RunSQL(_JOBS, migrations.RunSQL.noop),
        migrations.RemoveIndex("task", "tasks_open"),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["lane", "-priority", "due_at", "id"],
                name="tasks_open",
                condition=models.Q(finished_at__isnull=True),
            ),
        ),
    ]
