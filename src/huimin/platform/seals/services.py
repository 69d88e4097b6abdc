"""Sealing: rows that came since the last round go into one block for each city."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from huimin.platform.foundation.constraints import violates
from huimin.platform.seals.frontier import Frontier
from huimin.platform.seals.merkle import merkle_root
from huimin.platform.seals.models import ONE_BLOCK_A_NUMBER, SealBlock, SealFrontier
from huimin.platform.seals.rows import columns_of, digests, pack, sealed_models, unsealed

__all__ = ["seal_waiting"]

_MOST_ROWS = 5_000
"""The most rows of one table in one round; a long backlog becomes several blocks."""

Leaves = dict[str, list[tuple[int, bytes]]]
"""By table: (key, digest) of each row."""


def seal_waiting() -> int:
    """Seal every row that is not sealed yet. Returns the number of rows.

    Rows are read without a lock and outside a transaction, so that nobody waits; only the block is written in a
    transaction. If two workers find the same rows, one writes the block and the other finds its number taken.
    """
    count = 0
    while True:
        sealed = _round(timezone.now())
        count += sealed
        if not sealed:
            return count


def _round(moment: datetime) -> int:
    found, frontiers = _look(int(moment.timestamp()))
    if not found:
        return 0
    try:
        with transaction.atomic():
            for city, leaves in sorted(found.items()):
                _append(city, leaves, moment)
            for table, frontier in frontiers.items():
                SealFrontier.objects.update_or_create(
                    table=table, defaults={"through": frontier.through, "gaps": [list(gap) for gap in frontier.gaps]}
                )
    except IntegrityError as error:
        if not violates(error, SealBlock, ONE_BLOCK_A_NUMBER):
            raise
        # Another worker was first. The next round finds what it has left.
        return 0
    return sum(len(rows) for leaves in found.values() for rows in leaves.values())


def _look(second: int) -> tuple[Mapping[int, Leaves], dict[str, Frontier]]:
    """What is to be sealed, by city and table, and each table's frontier after that."""
    found: dict[int, Leaves] = defaultdict(lambda: defaultdict(list))
    frontiers = {}
    known = {row.table: row for row in SealFrontier.objects.all()}
    for table, model in sealed_models().items():
        frontier = _frontier(known.get(table))
        city_of = dict(unsealed(model, frontier, _MOST_ROWS))
        if not city_of:
            continue
        for key, digest in digests(model, columns_of(model), list(city_of)):
            found[city_of[key]][table].append((key, digest))
        frontiers[table] = frontier.after(city_of, second)
    return found, frontiers


def _frontier(row: SealFrontier | None) -> Frontier:
    return Frontier() if row is None else Frontier(row.through, tuple((a, b, c) for a, b, c in row.gaps))


def _append(city_id: int, leaves: Leaves, moment: datetime) -> None:
    last = SealBlock.objects.filter(city_id=city_id).order_by("-number").only("number", "digest").first()
    models = sealed_models()
    tables = {table: {"columns": columns_of(models[table]), "rows": len(rows)} for table, rows in leaves.items()}
    in_order = [leaf for table in sorted(tables) for leaf in leaves[table]]
    block = SealBlock(
        city_id=city_id,
        number=last.number + 1 if last else 1,
        previous=last.digest if last else "",
        tables=tables,
        leaves=pack(in_order),
        root=merkle_root([digest for _key, digest in in_order]).hex(),
        sealed_at=moment,
    )
    block.digest, block.mac = block.computed_digest(), block.computed_mac()
    block.save(force_insert=True)
