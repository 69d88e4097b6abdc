"""What the rest of the platform may use of `outbox`: nothing. The queue calls it by name (outbox/apps.py)."""

from __future__ import annotations

__all__: list[str] = []
