"""What the `huimin` command asks of the platform besides serving: keys that parties outside need."""

from __future__ import annotations

import os
import sys

__all__ = ["load_django", "show_key"]

_SETTINGS = "huimin.platform.settings"


def load_django() -> None:
    """Make the platform's models usable in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    import django  # noqa: PLC0415

    django.setup()


def show_key(purpose: str) -> int:
    """Print the key of a purpose that a party outside holds too. Raises UnusableKeysError for all others."""
    load_django()
    from huimin.platform.foundation.keys import shared_key  # noqa: PLC0415

    sys.stdout.write(shared_key(purpose) + "\n")
    return 0
