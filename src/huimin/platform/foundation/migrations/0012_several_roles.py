"""A person may hold several roles: they move from the member of the staff into rows of their own."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

_ROLES = [
    ("handler", "Handler"),
    ("approver", "Approver"),
    ("insurer", "Insurer"),
    ("bureau", "Bureau"),
    ("administrator", "Administrator"),
]


def copy_roles(apps: Any, schema_editor: Any) -> None:
    """An insurer's code goes with the role insurer alone: with another role it meant nothing."""
    members, roles = apps.get_model("foundation", "StaffMember"), apps.get_model("foundation", "StaffRole")
    roles.objects.bulk_create(
        roles(
            city_id=member.city_id,
            member_id=member.pk,
            role=member.role,
            insurer_code=member.insurer_code if member.role == "insurer" else "",
        )
        for member in members.objects.order_by("pk")
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("foundation", "0011_events_findings_approvals")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="StaffRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=_ROLES, max_length=20)),
                ("insurer_code", models.CharField(blank=True, max_length=40)),
                (
                    "city",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.city",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles",
                        to="foundation.staffmember",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.AddConstraint(
            "staffrole", models.UniqueConstraint(fields=("city", "member", "role"), name="one_role_once")
        ),
        migrations.AddConstraint(
            "staffrole",
            models.CheckConstraint(
                condition=models.Q(("insurer_code", ""), ("role", "insurer"), _connector="OR"),
                name="insurer_of_its_role_alone",
            ),
        ),
        migrations.RunPython(copy_roles),
        migrations.RemoveField("staffmember", "role"),
        migrations.RemoveField("staffmember", "insurer_code"),
    ]
