"""What waits and what was done is a task of the one queue of work from now on."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from huimin.platform.tasks.moving import give_tasks

_TASK = models.OneToOneField("tasks.task", null=True, on_delete=models.PROTECT, related_name="+")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("desk", "0004_fault_codes"), ("tasks", "0003_keys_and_indexes")]
    operations: ClassVar = [
        migrations.AddField("study", "task", _TASK),
        give_tasks("desk", "Study", "study"),
    ]
