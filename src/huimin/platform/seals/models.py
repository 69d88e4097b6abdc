"""Blocks of sealed rows, and how far each table has been sealed."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC
from typing import ClassVar

from django.db import models

from huimin.platform.foundation.keys import purpose_key
from huimin.platform.foundation.models import AppendOnly

__all__ = ["ONE_BLOCK_A_NUMBER", "SealBlock", "SealFrontier"]

ONE_BLOCK_A_NUMBER = "one_block_a_number"


class SealBlock(AppendOnly):
    """The rows that one round found unsealed in a city: their digests, the root over them, the block before."""

    sealed: ClassVar = ()
    number = models.PositiveIntegerField()
    """Counts the city's blocks from 1."""
    previous = models.CharField(max_length=64, blank=True)
    """The digest of the block before; empty in the first."""
    tables = models.JSONField()
    """By table: the columns that its rows' digests cover, and how many rows. In the order of `leaves`."""
    leaves = models.BinaryField()
    """For each row its key (8 bytes) and its digest (32 bytes)."""
    root = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    """The real time, in a demonstration city too."""
    digest = models.CharField(max_length=64)
    """SHA-256 of all fields above except the leaves, which the root covers."""
    mac = models.CharField(max_length=64)
    """The digest under a key that is not in the database, so that nobody who can only write there can make a block."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "number"], name=ONE_BLOCK_A_NUMBER)]

    def __str__(self) -> str:
        return f"block {self.number}"

    def computed_digest(self) -> str:
        content = {
            "city": self.city_id,
            "number": self.number,
            "previous": self.previous,
            "tables": self.tables,
            "root": self.root,
            "sealed_at": self.sealed_at.astimezone(UTC).isoformat(),
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def computed_mac(self) -> str:
        return hmac.new(purpose_key("seals"), self.computed_digest().encode(), hashlib.sha256).hexdigest()


class SealFrontier(models.Model):
    """How far a table has been sealed, over all cities. It saves reading rows again; verification does not rely on
    it.
    """

    table = models.CharField(max_length=80, unique=True)
    through = models.BigIntegerField(default=0)
    """The highest key that was sealed."""
    gaps = models.JSONField(default=list)
    """Below it: [first key, last key, seconds since 1970 when it was found missing]. A row may still come there."""

    def __str__(self) -> str:
        return f"{self.table} {self.through}"
