"""Verifies seals: every block, every sealed row, and rows in places where no new row can appear."""

from __future__ import annotations

import hmac
import struct
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import FieldError
from django.utils import timezone

from huimin.errors import InputError
from huimin.platform.foundation.models import City
from huimin.platform.seals.frontier import Frontier
from huimin.platform.seals.merkle import merkle_root
from huimin.platform.seals.models import SealBlock, SealFrontier
from huimin.platform.seals.rows import digests, moment_column, sealed_models, unpack
from huimin.platform.seals.selectors import Head, kept_head
from huimin.platform.seals.waiting import faults_of_waiting, minute

__all__ = ["SealVerification", "verify_seals"]

_ROWS_AT_ONCE = 500


@dataclass(slots=True)
class SealVerification:
    """What was compared, and a sentence for everything that is not as it was sealed."""

    blocks: int = 0
    rows: int = 0
    first_sealed: datetime | None = None
    last_sealed: datetime | None = None
    """The real times of the first and the last block: a chain that was started again is younger than its rows."""
    waiting: int = 0
    """Rows that no block covers. The next round seals those that came since the last one."""
    waiting_since: datetime | None = None
    """When the oldest of them was written, by the city's own clock."""
    faults: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """How many rows are sealed, from when to when, and how many wait."""
        sealed = f"{self.rows} rows in {self.blocks} blocks compared with their seals"
        if self.first_sealed is not None and self.last_sealed is not None:
            sealed += f", made from {minute(self.first_sealed)} to {minute(self.last_sealed)}"
        since = "" if self.waiting_since is None else f", the oldest of {minute(self.waiting_since)}"
        return f"{sealed}; {self.waiting} rows wait for the next block{since}"


def verify_seals(city: City, *heads: Head) -> SealVerification:
    """Compare the city's rows with its seals. `heads`: ends of the chain that were kept outside the database."""
    result = SealVerification()
    digest_of: dict[int, str] = {}
    sealed: dict[str, array[int]] = defaultdict(lambda: array("q"))
    for block in _chain(city, result, digest_of):
        result.blocks += 1
        result.first_sealed = result.first_sealed or block.sealed_at
        result.last_sealed = block.sealed_at
        for table, columns, leaves in _leaves(block, result):
            result.rows += len(leaves)
            sealed[table].extend(key for key, _digest in leaves)
            result.faults += _compare(block, table, columns, leaves)
    result.faults += _shortened(digest_of, [*heads, *_kept(city, result)])
    _never_sealed(city, sealed, result)
    if result.waiting:
        result.faults += faults_of_waiting(city, result.blocks, result.waiting, result.waiting_since)
    return result


def _chain(city: City, result: SealVerification, digest_of: dict[int, str]) -> Iterator[SealBlock]:
    expected, previous = 1, ""
    for block in SealBlock.objects.of(city).order_by("number").iterator(chunk_size=20):
        if block.number != expected:
            gone = f"block {expected}" if block.number == expected + 1 else f"blocks {expected} to {block.number - 1}"
            result.faults.append(f"seals: {gone} of the chain is gone")
        elif block.previous != previous:
            result.faults.append(f"seals: block {block.number} does not follow the block before it")
        if block.digest != block.computed_digest() or not hmac.compare_digest(block.mac, block.computed_mac()):
            result.faults.append(f"seals: block {block.number} was changed, or made without the key")
        expected, previous = block.number + 1, block.digest
        digest_of[block.number] = block.digest
        yield block


def _leaves(block: SealBlock, result: SealVerification) -> Iterator[tuple[str, list[str], list[tuple[int, bytes]]]]:
    """The block's rows by table. Nothing when its tree is not the one that was sealed."""
    try:
        leaves = unpack(bytes(block.leaves))
        root = merkle_root([digest for _key, digest in leaves]).hex()
        whole = root == block.root and len(leaves) == sum(about["rows"] for about in block.tables.values())
    except (struct.error, ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        result.faults.append(f"seals: the digests of block {block.number} are not those that were sealed")
        return
    start = 0
    for table, about in sorted(block.tables.items()):
        yield table, about["columns"], leaves[start : start + about["rows"]]
        start += about["rows"]


def _compare(block: SealBlock, table: str, columns: list[str], leaves: Sequence[tuple[int, bytes]]) -> list[str]:
    number, model = block.number, sealed_models().get(table)
    if model is None:
        return [f"{table}: its rows were sealed in block {number}, and the table is no longer known"]
    faults = []
    for start in range(0, len(leaves), _ROWS_AT_ONCE):
        part = leaves[start : start + _ROWS_AT_ONCE]
        try:
            found = dict(digests(model, columns, [key for key, _digest in part]))
        except FieldError:
            return [f"{table}: its rows were sealed with columns that are no longer there: {', '.join(columns)}"]
        for key, digest in part:
            if key not in found:
                if _kept_long_enough(model, block.sealed_at):
                    continue
                faults.append(f"{_name(model, key)}, sealed in block {number}, is gone")
            elif found[key] != digest:
                faults.append(f"{_name(model, key)}, sealed in block {number}, was changed")
    return faults


def _kept_long_enough(model: Any, sealed_at: datetime) -> bool:
    """Whether a row with a seal of this age may be gone: only of tables whose rows are kept for some years.

    The seal's own time cannot be moved without its key, so that nobody makes a younger row old by it.
    """
    years: int = getattr(model, "kept_years", 0)
    return years > 0 and sealed_at + timedelta(days=366 * years) < timezone.now()


def _name(model: Any, key: int) -> str:
    return f"{model.__name__} {key}"


def _kept(city: City, result: SealVerification) -> list[Head]:
    """The head in the file beside the database, where there is one."""
    try:
        kept = kept_head(city)
    except InputError as error:
        result.faults.append(f"seals: the file that keeps the head of {city.code} cannot be read: {error.message}")
        return []
    return [] if kept is None else [kept]


def _shortened(digest_of: dict[int, str], heads: Sequence[Head]) -> list[str]:
    """Where the chain does not hold a block whose digest was kept outside."""
    faults = []
    last = max(digest_of, default=0)
    for head in heads:
        if head.block not in digest_of:
            faults.append(
                f"seals: block {head.block} of {head.sealed_at}, whose digest was kept outside the database, is gone; "
                f"the chain ends at block {last}"
            )
        elif digest_of[head.block] != head.digest:
            faults.append(f"seals: block {head.block} is another than the one whose digest was kept outside")
    return list(dict.fromkeys(faults))


def _never_sealed(city: City, sealed: dict[str, array[int]], result: SealVerification) -> None:
    frontiers = {row.table: Frontier(row.through, tuple(map(tuple, row.gaps))) for row in SealFrontier.objects.all()}
    for table, model in sealed_models().items():
        keys = sorted(sealed.get(table, ()))
        frontier = frontiers.get(table, Frontier())
        moment = moment_column(model)
        rows = model._base_manager.filter(city=city).order_by("pk").values_list("pk", moment or "pk")
        for key, written in rows.iterator(chunk_size=5_000):
            place = bisect_left(keys, key)
            if place < len(keys) and keys[place] == key:
                continue
            if frontier.holds(key):
                result.waiting += 1
                if moment is not None:
                    result.waiting_since = min(written, result.waiting_since or written)
            else:
                result.faults.append(f"{_name(model, key)} was never sealed, though rows after it were")
