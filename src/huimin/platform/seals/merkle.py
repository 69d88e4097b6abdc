"""A tree of digests: one root stands for all leaves and their order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

__all__ = ["merkle_root"]


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over these digests. Leaves and nodes are hashed differently, so that a node cannot be taken for a leaf.

    A last one without a partner moves up unchanged. Raises ValueError if there is no leaf.
    """
    if not leaves:
        raise ValueError("a tree has at least one leaf")
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]
