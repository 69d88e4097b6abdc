"""Everything of `oversight` that other contexts may import."""

from __future__ import annotations

from huimin.platform.oversight.launch import Group, Launch, Step, launch_of
from huimin.platform.oversight.selectors import Overview, insurer_figures, overview

__all__ = ["Group", "Launch", "Overview", "Step", "insurer_figures", "launch_of", "overview"]
