"""From which amount a finding needs a second person, that person's role, and the bureau's own system as a client."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from huimin.platform.foundation.fields import FenField

_KINDS = [("hospital", "Hospital"), ("channel", "Channel"), ("bureau", "Bureau")]
_ROLES = [
    ("handler", "Handler"),
    ("approver", "Approver"),
    ("insurer", "Insurer"),
    ("bureau", "Bureau"),
    ("administrator", "Administrator"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("foundation", "0005_given_up")]
    operations: ClassVar = [
        migrations.AddField("city", "second_person_above", FenField(default=50_000_00)),
        migrations.AlterField("apiclient", "kind", models.CharField(choices=_KINDS, max_length=20)),
        migrations.AlterField("staffmember", "role", models.CharField(choices=_ROLES, max_length=20)),
    ]
