"""What the rest of the platform may use of `oversight`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.oversight.selectors import Overview, insurer_figures, overview

__all__ = [
    "Overview",
    "insurer_figures",
    "overview",
]
