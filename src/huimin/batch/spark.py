"""The same job on Spark: it moves the rows, and every part is decided by the function that decides one on this machine.

Spark shares bills and members out by member, runs the parts wherever there is a worker, runs those of a lost worker
again, and writes each row once. Needs PySpark 4 and Java; Huimin must be installed where the workers run.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import fs

from huimin.batch.facts import Members, missing_ids, unusable_ids
from huimin.batch.names import Names
from huimin.batch.parts import Sums, Task, csv_text, decide_part, refusal_row, write_parquet
from huimin.batch.results import REFUSED_COLUMNS, result_tables
from huimin.batch.rows import Rows, cell_text
from huimin.batch.sizing import MOST_ROWS
from huimin.batch.sources import check_columns, open_source
from huimin.batch.spark_crossing import ID, PART, REVERSES, resolve_crossing
from huimin.batch.spark_files import ClusterFiles
from huimin.batch.summary import JobSummary, summary_of
from huimin.errors import InputError, Refusal
from huimin.settlement.reading import (
    KNOWN_MEMBER_COLUMNS,
    KNOWN_SETTLEMENT_COLUMNS,
    LONGEST_ID,
    MEMBER_COLUMNS,
    SETTLEMENT_COLUMNS,
    missing_id,
)
from huimin.terms.loading import LoadedPlan

__all__ = ["SparkRequest", "run_on_spark"]

_REFUSAL, _SUMS = 1, 2
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.ui.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(1 << 16),
}


@dataclass(frozen=True)
class SparkRequest:
    """As `job.Request`; members, settlements and out may be addresses of the cluster's file systems."""

    plan: LoadedPlan
    members: str
    settlements: str
    out: str
    compare: LoadedPlan | None = None
    account: bool = False


@dataclass(frozen=True, slots=True)
class _Facts:
    """A source as a frame of Spark, its columns as they were given, and rows that have no usable id."""

    frame: Any
    names: list[str]
    unusable: list[Refusal]
    rows: int


def run_on_spark(request: SparkRequest, *, master: str | None = None, parts: int | None = None) -> JobSummary:
    """Run a job on `master` (`local[2]`, `spark://…`; default: what Spark is set up for).

    Results appear in `request.out` together, decisions as a directory of Parquet. Raises InputError: `unusable_file`,
    `unusable_out`, `no_spark`.
    """
    task = Task.of(request)
    with _session(master) as spark:
        people = _open(spark, request.members, MEMBER_COLUMNS, KNOWN_MEMBER_COLUMNS)
        bills = _open(spark, request.settlements, SETTLEMENT_COLUMNS, KNOWN_SETTLEMENT_COLUMNS, of_bills=True)
        parts = parts or max(2 * spark.sparkContext.defaultParallelism, -(-bills.rows // MOST_ROWS))
        spark.conf.set("spark.sql.shuffle.partitions", str(parts))
        files = ClusterFiles(spark, request.out)
        with files.room() as room:
            facts, crossing = resolve_crossing(spark, _with_parts(bills.frame, parts))
            refused, sums = _decide(task, facts, _with_parts(people.frame, parts), room)
            before = [*bills.unusable, *crossing.refused]
            refused += before
            total = Sums.of([*sums, Sums(cancelled=crossing.cancelled).with_refusals(before)])
            summary = summary_of(request.plan, task.program, "spark", bills.rows, total, bills.names)
            texts = {
                "refused.csv": csv_text([REFUSED_COLUMNS], sorted(map(refusal_row, refused))),
                **result_tables(request.plan.plan, task, total),
                "summary.json": json.dumps(asdict(summary), indent=2, ensure_ascii=False) + "\n",
            }
            files.publish(room, "decisions.parquet", texts)
    return summary


@contextmanager
def _session(master: str | None) -> Iterator[Any]:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - only where Spark is wanted
    except ImportError as error:
        message = "the engine spark needs PySpark 4: pip install 'huimin[spark]'"
        raise InputError(message, code="no_spark") from error
    # Workers run what this process runs, unless the cluster's own set-up says otherwise.
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


def _open(spark: Any, path: str, required: tuple[str, ...], known: frozenset[str], *, of_bills: bool = False) -> _Facts:
    """The known columns. CSV and Excel files are read here, where the job was started."""
    if path.lower().endswith((".csv", ".xlsx")):
        source = open_source(Path(path), required, known)
        rows = source.read()
        ids = Names(rows.column("setl_id"))
        unusable = missing_ids(rows, ids, unusable_ids(ids)) if of_bills else []
        return _Facts(spark.createDataFrame(rows.table), source.names, unusable, len(rows))
    frame = _parquet(spark, path)
    check_columns(path, _arrow_schema(frame), required)
    kept = [name for name in frame.columns if name.removesuffix("_fen") in known]
    if not of_bills:
        return _Facts(frame.select(*kept), frame.columns, [], 0)
    where = frame.select("setl_id", "_metadata.file_name", "_metadata.row_index").where(_has_no_id(frame))
    unusable = [
        missing_id(f"row {row.row_index + 1} of {row.file_name}", cell_text(row.setl_id)) for row in where.collect()
    ]
    return _Facts(frame.select(*kept), frame.columns, unusable, frame.count())


def _parquet(spark: Any, path: str) -> Any:
    try:
        return spark.read.option("mergeSchema", "true").parquet(path)
    except Exception as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"{path}: cannot be read as Parquet: {reason}", code="unusable_file") from error


def _arrow_schema(frame: Any) -> pa.Schema:
    from pyspark.sql.pandas.types import to_arrow_schema  # noqa: PLC0415

    return to_arrow_schema(frame.schema)


def _has_no_id(frame: Any) -> Any:
    from pyspark.sql import functions as f  # noqa: PLC0415

    length = f.length(_text(frame, "setl_id"))
    return length.isNull() | (length == 0) | (length > LONGEST_ID)


def _text(frame: Any, name: str) -> Any:
    """A column as text without blanks around it; null where there is no such column."""
    from pyspark.sql import functions as f  # noqa: PLC0415

    if name not in frame.columns:
        return f.lit(None).cast("string")
    if dict(frame.dtypes)[name] != "string":
        return frame[name].cast("string")
    return f.regexp_replace(frame[name], r"^\s+|\s+$", "")


def _with_parts(frame: Any, parts: int) -> Any:
    """With the part of each row's member; of bills those with a usable id, with ids as texts."""
    from pyspark.sql import functions as f  # noqa: PLC0415

    number = f.coalesce(_text(frame, "psn_no"), f.lit(""))
    with_part = frame.withColumn(PART, f.pmod(f.xxhash64(number), f.lit(parts)).cast("int"))
    if "setl_id" not in frame.columns:
        return with_part
    with_part = with_part.where(~_has_no_id(frame)).withColumn(ID, _text(frame, "setl_id"))
    return with_part.withColumn(REVERSES, f.nullif(_text(frame, "reverses"), f.lit("")))


def _decide(task: Task, bills: Any, members: Any, room: str) -> tuple[list[Refusal], list[Sums]]:
    """Decide the parts, each of which writes its decisions into `room`; refusals and sums come back.

    A part that is decided again, since its worker was lost, comes to the same bytes and writes them in the same place.
    """

    def decide(facts: pa.Table, people: pa.Table) -> pa.Table:
        rows = Rows(facts.drop_columns([PART, ID, REVERSES]))
        decided, refused, sums = decide_part(task, Members(Rows(people.drop_columns([PART]))), rows)
        part = (facts if len(facts) else people).column(PART)[0].as_py()
        _write_whole(f"{room}/part-{part:05}.parquet", decided)
        notes = [(_REFUSAL, json.dumps(refusal_row(refusal))) for refusal in refused]
        kinds, texts = zip(*notes, (_SUMS, json.dumps(sums.to_json())), strict=True)
        return pa.table({"kind": pa.array(kinds, pa.int8()), "text": pa.array(texts, pa.string())})

    grouped = bills.groupBy(PART).cogroup(members.groupBy(PART))
    found = grouped.applyInArrow(decide, schema="kind tinyint, text string").collect()
    refused = [Refusal(*json.loads(row.text)) for row in found if row.kind == _REFUSAL]
    return refused, [Sums.from_json(json.loads(row.text)) for row in found if row.kind == _SUMS]


def _write_whole(path: str, table: pa.Table) -> None:
    """Beside its name first, which it then takes: two attempts at one part do not mix."""
    files, target = fs.FileSystem.from_uri(path) if "://" in path else (fs.LocalFileSystem(), path)
    home, _, name = target.rpartition("/")
    beside = f"{home}/_{uuid.uuid4().hex}-{name}"
    write_parquet(beside, table, files)
    files.move(beside, target)
