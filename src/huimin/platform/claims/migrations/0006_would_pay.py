from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A finding keeps what would be paid by it. Those that are there have their amount only."""

    dependencies: ClassVar = [("claims", "0005_review_values")]
    operations: ClassVar = [
        migrations.AddField("reviewfinding", "would_pay", models.JSONField(null=True)),
        migrations.AlterField(
            "reviewfinding",
            "finding",
            models.CharField(
                choices=[
                    ("released", "Release"),
                    ("second_stands", "Second Stands"),
                    ("first_stands", "First Stands"),
                    ("asked_again", "Ask Again"),
                    ("refused", "Refuse"),
                    ("sent_back", "Sent Back"),
                    ("outdated", "Outdated"),
                ],
                max_length=20,
            ),
        ),
    ]
