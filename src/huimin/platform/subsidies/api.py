"""What the rest of the platform may use of `subsidies`: nothing else of it is imported from outside."""

from __future__ import annotations

__all__: list[str] = []
