"""The bureau at ordering: which orders ask it, what it said, and what the person says to that (ADR 33)."""

from __future__ import annotations
