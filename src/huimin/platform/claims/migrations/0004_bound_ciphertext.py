from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from huimin.platform.foundation.rebinding import bind_ciphertext


class Migration(migrations.Migration):
    """What is encrypted names its place from now on. Each operation goes on where it was stopped."""

    atomic = False
    dependencies: ClassVar = [("claims", "0003_identity_and_findings")]
    operations: ClassVar = [
        bind_ciphertext("claims_settlementfact", ["care", "body"], row=["client_id", "setl_id", "revision"]),
        bind_ciphertext("claims_reviewitem", ["body"]),
    ]
