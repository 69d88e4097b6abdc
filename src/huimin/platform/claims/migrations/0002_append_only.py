from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from huimin.platform.foundation.triggers import append_only


class Migration(migrations.Migration):
    """Facts are never changed nor deleted, not even by a statement typed by hand."""

    dependencies: ClassVar = [("claims", "0001_initial")]
    operations: ClassVar = [append_only("claims_settlementfact", "claims_benefitdecisionversion")]
