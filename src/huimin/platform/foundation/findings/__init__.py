"""What people found to be true, and which of their findings count (ADR 30).

A finding answers one question of fact about one subject. The program computes from it what is paid; nobody types in an
amount.
"""

from __future__ import annotations

from huimin.platform.foundation.findings.finding import Finding, that_stands

__all__ = ["Finding", "that_stands"]
