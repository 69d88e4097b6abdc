"""Everything of `oversight` that other contexts may import."""

from __future__ import annotations

from huimin.platform.oversight.selectors import Overview, insurer_figures, overview

__all__ = [
    "Overview",
    "insurer_figures",
    "overview",
]
