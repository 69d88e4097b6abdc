"""What a message's two moments said is its status now: delivered is done, given up is failed."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

_FORWARDS = """
UPDATE tasks_task SET
  status = CASE WHEN finished_at IS NOT NULL THEN 'done' WHEN given_up_at IS NOT NULL THEN 'failed' ELSE 'waiting' END,
  finished_at = COALESCE(finished_at, given_up_at)
WHERE finished_at IS NOT NULL OR given_up_at IS NOT NULL
"""
_BACKWARDS = """
UPDATE tasks_task SET given_up_at = finished_at, finished_at = NULL WHERE status = 'failed'
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tasks", "0001_from_the_outbox")]
    operations: ClassVar = [migrations.RunSQL(_FORWARDS, _BACKWARDS)]
