"""The same job on Spark. Spark moves the rows; the function that decides a part on one machine decides every part.

Spark runs chunks and parts wherever there is a worker, carries blocks of rows between them, and runs again what a lost
worker had done. Needs PySpark 4 and Java; Huimin must be installed where the workers run, and Arrow must know the file
system in which the files are.
"""

from __future__ import annotations

import heapq
import io
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from huimin.batch.decide.refusals import Refusals, refused_lines, sorted_refusals
from huimin.batch.decide.result_rows import REFUSED_COLUMNS, UNDECIDED_COLUMNS, csv_text
from huimin.batch.decide.standing import resolve_places
from huimin.batch.decide.sums import Sums
from huimin.batch.files.sources import Source, open_members, open_settlements
from huimin.batch.job.crossing import Crossing
from huimin.batch.job.parts import Task
from huimin.batch.job.sizing import MOST_ROWS
from huimin.batch.reports.summary import JobSummary, summary_of
from huimin.batch.reports.tables import result_tables
from huimin.batch.spark.blocks import (
    Left,
    Moved,
    Shared,
    concerned,
    crossing_keys,
    decided,
    notes,
    shared_out,
    table_of,
)
from huimin.batch.spark.cluster_files import ClusterFiles
from huimin.batch.table.keys import Keys
from huimin.batch.table.rows import Rows
from huimin.errors import InputError
from huimin.extras import require
from huimin.settlement.cells import read_csv
from huimin.settlement.reading import settlement_from_row
from huimin.terms.loading import LoadedPlan

__all__ = ["SparkJob", "SparkRequest", "run_on_spark", "shared_by"]

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.shuffle.compress": "false",  # blocks are already compressed
}
_PARTS_OF_TASK, _IDS_OF_TASK = 8, 1 << 22
"""The most parts, and the most ids, of one task: about 100 MB of either in memory."""


@dataclass(frozen=True)
class SparkRequest:
    """As `running.Request`; members, settlements and out may be addresses of the cluster's file systems."""

    plan: LoadedPlan
    members: str
    settlements: str
    out: str
    compare: LoadedPlan | None = None
    account: bool = False


def run_on_spark(
    request: SparkRequest,
    *,
    master: str | None = None,
    parts: int | None = None,
    say: Callable[[str], None] | None = None,
) -> JobSummary:
    """Run a job on `master` (`local[2]`, `spark://…`; default: what Spark is set up for).

    `say` is called as `running.run` calls it. Results appear in `request.out` together, decisions as a directory of
    Parquet. Raises InputError: `unusable_file`,
    `unusable_out`, `no_spark`; MissingExtra (`missing_extra`).
    """
    require("spark", "the engine spark")
    task = Task.of(request)
    people, bills = open_members(request.members), open_settlements(request.settlements)
    if say is not None:
        for sentence in task.lacking(people.schema.names, bills.schema.names):
            say(sentence)
    with _session(master) as spark:
        shared = shared_by(people, bills, spark.sparkContext.defaultParallelism, parts)
        files = ClusterFiles(spark, request.out)
        with files.unfinished() as unfinished:
            rows_read, left = SparkJob(spark.sparkContext, task, people, bills, shared).run(unfinished)
            summary = summary_of(request.plan, task.program, "spark", rows_read, left.sums, people, bills)
            texts = {
                "refused.csv": csv_text([REFUSED_COLUMNS]) + refused_lines(left.refused).decode(),
                "undecided.csv": csv_text([UNDECIDED_COLUMNS]) + zlib.decompress(left.undecided).decode(),
                **result_tables(request.plan.plan, task, left.sums),
                "summary.json": json.dumps(asdict(summary), indent=2, ensure_ascii=False) + "\n",
            }
            files.publish(unfinished, "decisions.parquet", texts)
    return summary


def shared_by(members: Source, bills: Source, cores: int, parts: int | None = None) -> Shared:
    """How the rows are shared out over so many cores: parts of the size used on one machine, and few tasks."""
    parts = parts or max(2 * cores, -(-bills.count // MOST_ROWS))
    return Shared(
        parts,
        min(parts, cores * -(-parts // (cores * _PARTS_OF_TASK))),
        cores * max(1, -(-bills.count // (cores * _IDS_OF_TASK))),
        *_kinds(members.schema, bills.schema),
    )


class SparkJob:
    """Blocks of all parts, shared out once: Spark keeps what a stage has shuffled, and makes what was lost again.

    `context` is a SparkContext.
    """

    def __init__(self, context: Any, task: Task, members: Source, bills: Source, shared: Shared) -> None:
        self.context = context
        self.task = task
        self.schemas = (members.empty.table.schema, bills.empty.table.schema)
        self.shared = shared
        chunks = [(read, False) for read in members.chunks()] + [(read, True) for read in bills.chunks()]
        given = context.parallelize(chunks, max(1, len(chunks)))
        self.moved = given.flatMap(partial(_shared_out, shared)).partitionBy(shared.of_notes.stop, shared.task_of)

    def run(self, unfinished: str) -> tuple[int, Left]:
        """The number of rows read, and what all parts leave together. The decisions of each part are files in
        `unfinished`.
        """
        shared = self.shared
        noted = self._run(self.moved.mapPartitions(notes), shared.of_notes)
        for one in noted:
            if one.fault is not None:
                raise InputError(one.fault, code="unusable_file")
        found = self._run(self.moved.mapPartitions(crossing_keys), shared.of_ids)
        crossing, dropped, standing = self._resolve([keys for keys, _ in found])
        decide = partial(
            decided,
            asked=self.task,
            shared=shared,
            schemas=self.schemas,
            dropped=dropped,
            standing=standing,
            repeated=any(repeated for _, repeated in found),
            out=unfinished,
        )
        results = self._run(self.moved.mapPartitionsWithIndex(decide), shared.of_rows)
        before = Refusals([*(refusal for one in noted for refusal in one.unusable), *crossing.refused])
        sums = Sums(cancelled=crossing.cancelled, refused=before.by_code())
        return sum(one.rows for one in noted), _together([*results, Left(before.table(), zlib.compress(b""), sums)])

    def _run(self, mapped: Any, partitions: range) -> list[Any]:
        found: list[Any] = self.context.runJob(mapped, list, list(partitions))
        return found

    def _resolve(self, found: list[Keys]) -> tuple[Crossing, Keys, pa.Table | None]:
        """The outcome for groups of rows that cross parts, the keys of all their ids, and the rows of them that count.

        Every row that has or reverses an id of a group belongs to it, and so do the ids of that row.
        """
        keys = np.unique(np.concatenate([np.empty(0, np.uint64), *found]))
        if not len(keys):
            return Crossing(), keys, None
        blocks: list[bytes] = []
        known = 0
        while known < len(keys):
            known = len(keys)
            near = partial(concerned, keys=keys, shared=self.shared)
            rows = self._run(self.moved.mapPartitions(near), self.shared.of_rows)
            blocks = [block for block, _ in rows]
            keys = np.unique(np.concatenate([keys, *(more for _, more in rows)]))
        table = pa.concat_tables([table_of(block) for block in blocks]).combine_chunks()
        texts = Rows(table).as_text(np.arange(len(table)))
        resolution, standing = resolve_places((row, settlement_from_row(text)) for row, text in enumerate(texts))
        return Crossing(list(resolution.refused), len(resolution.cancelled)), keys, table.take(standing)


def _shared_out(shared: Shared, chunk: tuple[Callable[[], Rows], bool]) -> Iterator[Moved]:
    read, of_bills = chunk
    return shared_out(read, shared, of_bills=of_bills)


def _kinds(members: pa.Schema, bills: pa.Schema) -> tuple[bool, bool]:
    """Whether members' numbers, and ids, must be compared as texts, because they are not of one kind."""
    numbers = [pa.types.is_integer(schema.field("psn_no").type) for schema in (members, bills)]
    ids = [pa.types.is_integer(bills.field(name).type) for name in ("setl_id", "reverses") if name in bills.names]
    return len(set(numbers)) > 1, len(set(ids)) > 1


def _together(parts: Sequence[Left]) -> Left:
    refused = sorted_refusals([part.refused for part in parts])
    rows = (map(tuple, read_csv(io.StringIO(zlib.decompress(part.undecided).decode(), newline=""))) for part in parts)
    undecided = zlib.compress(csv_text(heapq.merge(*rows)).encode())
    return Left(refused, undecided, Sums.of([part.sums for part in parts]))


@contextmanager
def _session(master: str | None) -> Iterator[Any]:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where Spark is wanted

    # Workers use this process's Python, unless the cluster's own settings say otherwise.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("huimin")
    settings = {**_SETTINGS, "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower()}
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        spark = (builder.master(master) if master else builder).getOrCreate()
    except Exception as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"Spark could not be started: {reason}; it needs Java 17 or 21", code="no_spark") from error
    try:
        spark.sparkContext.setLogLevel("ERROR")
        yield spark
    finally:
        spark.stop()
