"""The tables of `renewal`, by its rooms."""

from __future__ import annotations

from huimin.platform.renewal.years.models import EarlierFile, EarlierYear

__all__ = ["EarlierFile", "EarlierYear"]
