from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from huimin.platform.foundation.rebinding import bind_ciphertext


class Migration(migrations.Migration):
    """What is encrypted names its place from now on. Each operation goes on where it was stopped."""

    atomic = False
    dependencies: ClassVar = [("foundation", "0002_append_only")]
    operations: ClassVar = [
        bind_ciphertext("foundation_apiclient", ["secret"]),
        bind_ciphertext("foundation_outboxmessage", ["payload"], row=["topic", "key"]),
    ]
