"""The table of messages becomes the table of tasks: every message stays, with its number and its encrypted text.

Nothing is copied, so that it takes as long with ten million messages as with ten.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from huimin.platform.foundation.fields import EncryptedTextField

_CITY = models.ForeignKey("foundation.city", on_delete=models.PROTECT, related_name="+")
_AS_IT_WAS = migrations.CreateModel(
    "Task",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("topic", models.CharField(max_length=60)),
        ("key", models.CharField(max_length=120)),
        ("payload", EncryptedTextField()),
        ("created_at", models.DateTimeField()),
        ("delivered_at", models.DateTimeField(null=True)),
        ("attempts", models.PositiveIntegerField(default=0)),
        ("next_attempt_at", models.DateTimeField()),
        ("failure", models.CharField(blank=True, max_length=60)),
        ("given_up_at", models.DateTimeField(null=True)),
        ("city", _CITY),
    ],
    options={
        "indexes": [
            models.Index(
                fields=["next_attempt_at"], name="outbox_waiting", condition=models.Q(delivered_at__isnull=True)
            )
        ],
        "constraints": [models.UniqueConstraint(fields=["city", "topic", "key"], name="one_message_for_a_key")],
    },
)


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = [("foundation", "0006_second_person")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE foundation_outboxmessage RENAME TO tasks_task",
                    "ALTER TABLE tasks_task RENAME TO foundation_outboxmessage",
                )
            ],
            state_operations=[_AS_IT_WAS],
        ),
        migrations.RemoveConstraint("task", "one_message_for_a_key"),
        migrations.RemoveIndex("task", "outbox_waiting"),
        migrations.RenameField("task", "topic", "kind"),
        migrations.RenameField("task", "next_attempt_at", "due_at"),
        migrations.RenameField("task", "delivered_at", "finished_at"),
        migrations.RenameField("task", "failure", "fault_code"),
        migrations.AlterField("task", "payload", EncryptedTextField(null=True)),
        migrations.AddField("task", "priority", models.SmallIntegerField(default=0)),
        migrations.AddField(
            "task",
            "status",
            models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddField("task", "losses", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("task", "worker", models.CharField(blank=True, max_length=80)),
        migrations.AddField("task", "progress", models.JSONField(null=True)),
        migrations.AddField("task", "fault", models.TextField(blank=True)),
        migrations.AddField("task", "fault_values", models.JSONField(null=True)),
    ]
