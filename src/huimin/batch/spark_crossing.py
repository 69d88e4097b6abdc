"""On Spark: ids that concern more than one part, as `crossing` finds them on one machine."""

from __future__ import annotations

from typing import Any

from huimin.batch.crossing import Crossing
from huimin.batch.resolving import resolve_places
from huimin.batch.rows import Rows
from huimin.settlement.reading import settlement_from_row

__all__ = ["ID", "PART", "REVERSES", "resolve_crossing"]

PART, ID, REVERSES = "__part", "__id", "__reverses"
"""Columns beside those of a bill: the part of its member, its id as text, and the id that it reverses."""


def resolve_crossing(spark: Any, bills: Any) -> tuple[Any, Crossing]:
    """The bills without those of groups that cross parts, but with those of them that stand; and what became of all."""
    groups = _groups(spark, bills)
    if not groups:
        return bills, Crossing()
    from pyspark.sql import functions as f  # noqa: PLC0415

    ids = f.broadcast(spark.createDataFrame([(name,) for name in sorted(groups)], f"{ID} string"))
    table = bills.join(ids, ID, "left_semi").select(*bills.columns).toArrow()
    rows = Rows(table.drop_columns([PART, ID, REVERSES]))
    resolution, standing = resolve_places((row, settlement_from_row(rows.text(row))) for row in range(len(rows)))
    rest = bills.join(ids, ID, "left_anti").select(*bills.columns)
    if standing:
        rest = rest.unionByName(spark.createDataFrame(table.take(standing), schema=bills.schema))
    return rest, Crossing(list(resolution.refused), len(resolution.cancelled))


def _groups(spark: Any, bills: Any) -> set[str]:
    """Ids of the groups, of rows that share an id or reverse one another, that have rows in more than one part."""
    from pyspark.sql import functions as f  # noqa: PLC0415

    key = f.xxhash64(ID)  # numbers are shared out sooner than texts; ids that have one key by chance do no harm
    spread = bills.groupBy(key.alias("key")).agg(f.min(PART).alias("least"), f.max(PART).alias("most"))
    keys = {row["key"] for row in spread.where("least < most").select("key").collect()}
    found: set[str] = set()
    if keys:
        known = f.broadcast(spark.createDataFrame([(one,) for one in keys], "key long"))
        found = {row[ID] for row in bills.join(known, key == f.col("key"), "left_semi").select(ID).distinct().collect()}
    links = bills.where(f.col(REVERSES).isNotNull())
    reversing = links.select(f.col(REVERSES).alias("name"), f.col(PART).alias("other"))
    across = bills.join(reversing, f.col(ID) == f.col("name")).where(f.col(PART) != f.col("other"))
    found |= {row[ID] for row in across.select(ID).distinct().collect()}
    links = links.select(ID, REVERSES)
    new = set(found)
    while new:
        ids = f.broadcast(spark.createDataFrame([(name,) for name in sorted(new)], "name string"))
        near = links.join(ids, (f.col(ID) == f.col("name")) | (f.col(REVERSES) == f.col("name")), "left_semi").collect()
        new = {name for row in near for name in (row[ID], row[REVERSES])} - found
        found |= new
    return found
