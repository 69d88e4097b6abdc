from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """The column by which seals know when a row was written has one of the names that they look for."""

    dependencies: ClassVar = [("quick_claims", "0001_first")]

    operations: ClassVar = [migrations.RenameField(model_name="fetchconsentend", old_name="ended_at", new_name="at")]
