"""What people found to be so, and what of it stands (ADR 30).

A finding answers one question of fact about one subject. What is paid follows from it by the program; nobody types it.
"""

from __future__ import annotations

from huimin.platform.foundation.findings.finding import Finding, that_stands

__all__ = ["Finding", "that_stands"]
