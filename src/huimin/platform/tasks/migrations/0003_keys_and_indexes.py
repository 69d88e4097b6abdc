from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tasks", "0002_statuses")]
    operations: ClassVar = [
        migrations.RemoveField("task", "given_up_at"),
        migrations.AddConstraint(
            "task", models.UniqueConstraint(fields=["city", "kind", "key"], name="one_task_for_a_key")
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["kind", "-priority", "due_at"], name="tasks_open", condition=models.Q(finished_at__isnull=True)
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["city", "-finished_at"], name="tasks_ended", condition=models.Q(finished_at__isnull=False)
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(fields=["city", "-finished_at"], name="tasks_failed", condition=models.Q(status="failed")),
        ),
    ]
