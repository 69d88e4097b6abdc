"""Other contexts import nothing of `outbox`. The queue calls it by name (outbox/apps.py)."""

from __future__ import annotations

__all__: list[str] = []
