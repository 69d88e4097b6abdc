"""How far it is and why it failed stands with its task alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_TASK = models.OneToOneField("tasks.task", on_delete=models.PROTECT, related_name="+")
_MOVED = ("status", "step", "done", "of", "heard_at", "attempts", "finished_at", "fault", "fault_code", "fault_values")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("recalculation", "0004_tasks")]
    operations: ClassVar = [
        migrations.AlterField("recalculation", "task", _TASK),
        *(migrations.RemoveField("recalculation", name) for name in _MOVED),
    ]
