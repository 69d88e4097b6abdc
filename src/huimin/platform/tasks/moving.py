"""Gives jobs that had their own status a task in the queue instead. Only migrations use it."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

__all__ = ["give_tasks"]


def give_tasks(app: str, model: str, kind: str) -> migrations.RunPython:
    """The migration operation that makes a task for each row of a model that has none yet.

    A job that was being done waits again, because its worker was stopped before the tables were changed.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        rows, tasks = apps.get_model(app, model).objects, apps.get_model("tasks", "Task").objects
        # The table of tasks may already be one version further.
        lane = {"lane": "jobs"} if any(field.name == "lane" for field in tasks.model._meta.fields) else {}
        for row in rows.filter(task=None).order_by("pk"):
            row.task = tasks.create(city_id=row.city_id, kind=kind, key=f"{model}-{row.pk}", **lane, **_of(row))
            row.save(update_fields=["task"])

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def _of(row: Any) -> dict[str, Any]:
    ended = row.status not in ("waiting", "running")
    return {
        "status": row.status if ended else "waiting",
        "progress": {"done": row.done, "of": row.of, "step": ""} if row.of else None,
        "attempts": 0,
        "created_at": row.requested_at,
        "due_at": row.heard_at or timezone.now(),
        "finished_at": (row.finished_at or row.requested_at) if ended else None,
        "fault": row.fault,
        "fault_code": row.fault_code,
        "fault_values": row.fault_values or None,
    }
