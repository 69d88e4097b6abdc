"""Some roles are held for some things of a kind alone: an account agency's officer for some areas."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_ROLES = [
    ("handler", "Handler"),
    ("approver", "Approver"),
    ("insurer", "Insurer"),
    ("bureau", "Bureau"),
    ("administrator", "Administrator"),
    ("account_agency", "Account Agency"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("foundation", "0012_several_roles")]
    operations: ClassVar = [
        migrations.AddField("staffrole", "bound_to", models.CharField(blank=True, default="", max_length=300)),
        migrations.AlterField("staffrole", "role", models.CharField(choices=_ROLES, max_length=20)),
        migrations.AddConstraint(
            "staffrole",
            models.CheckConstraint(
                condition=models.Q(("bound_to", ""), ("role__in", ["account_agency"]), _connector="XOR"),
                name="bound_in_its_roles_alone",
            ),
        ),
    ]
