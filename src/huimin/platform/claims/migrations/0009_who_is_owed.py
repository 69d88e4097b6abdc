"""To whom a released bill is owed, and what a reversal takes back. Facts that are there keep their way.

Defaults and choices stand in code alone: nothing of the tables changes, so that SQLite does not make them anew.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_OWING = [
    (1, "all of it to the sender; `settlement:ID`"),
    (2, "what was answered to the sender, the rest to the insured; `settlement:SENDER:ID`"),
    (3, "a bill as before; a reversal takes the sender's amount back, whoever sends it"),
    (4, "all of it to the insured: it was decided when they had left the counter"),
]
_FINDINGS = [
    ("released", "Release"),
    ("released_credited", "Release Credited"),
    ("second_stands", "Second Stands"),
    ("first_stands", "First Stands"),
    ("asked_again", "Ask Again"),
    ("refused", "Refuse"),
    ("sent_back", "Sent Back"),
    ("outdated", "Outdated"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("claims", "0008_payee_kind")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "settlementfact", "owing", models.PositiveSmallIntegerField(choices=_OWING, default=3)
                ),
                migrations.AlterField("reviewfinding", "finding", models.CharField(choices=_FINDINGS, max_length=20)),
            ]
        ),
    ]
