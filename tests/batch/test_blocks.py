"""The job that Spark runs, with somebody else to carry the blocks: no Java is needed to see that it says the same."""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.test_parts import a_tangled_city, as_parquet, request
from huimin.batch import run
from huimin.batch.files.sources import open_members, open_settlements
from huimin.batch.job.one_machine import Local
from huimin.batch.job.parts import Task
from huimin.batch.spark.blocks import Shared
from huimin.batch.spark.cluster_job import SparkJob, shared_by
from huimin.errors import InputError


class Carried:
    """A collection in partitions. Everything is pickled on its way, as between processes."""

    def __init__(self, partitions: list[list[Any]]) -> None:
        self.partitions = partitions

    def flatMap(self, each: Callable[[Any], Iterable[Any]]) -> Carried:  # noqa: N802 - Spark's name
        return Carried([[made for one in part for made in each(_sent(one))] for part in self.partitions])

    def partitionBy(self, count: int, task_of: Callable[[int], int]) -> Carried:  # noqa: N802
        found: dict[int, list[Any]] = defaultdict(list)
        for number, block in (one for part in self.partitions for one in part):
            found[task_of(number)].append((number, block))
        assert set(found) <= set(range(count))
        return Carried([found[task] for task in range(count)])

    def mapPartitions(self, each: Callable[[Any], Iterable[Any]]) -> _Mapped:  # noqa: N802
        return _Mapped(self.partitions, lambda _, part: each(part))

    def mapPartitionsWithIndex(self, each: Callable[[int, Any], Iterable[Any]]) -> _Mapped:  # noqa: N802
        return _Mapped(self.partitions, _sent(each))


class _Mapped:
    """Computed for those partitions that somebody asks for."""

    def __init__(self, partitions: list[list[Any]], each: Callable[[int, Any], Iterable[Any]]) -> None:
        self.partitions = partitions
        self.each = each


class Carrier:
    def parallelize(self, values: list[Any], count: int) -> Carried:
        assert count >= 1
        return Carried([values[place::count] for place in range(count)])

    def runJob(self, given: _Mapped, gather: Any, partitions: list[int]) -> list[Any]:  # noqa: N802
        return [one for task in partitions for one in gather(given.each(task, iter(given.partitions[task])))]


def _sent(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301


Line = tuple[Any, ...]


def carried(one: Any, room: Path, parts: int) -> tuple[list[Line], list[Line], Any]:
    """Decisions in one order, refusals, and sums."""
    room.mkdir()
    members, bills = open_members(one.members), open_settlements(one.settlements)
    job = SparkJob(Carrier(), Task.of(one), members, bills, shared_by(members, bills, 2, parts))
    rows, left = job.run(str(room))
    sums = left.sums
    assert rows == sums.adjudicated + sums.undecided + sums.cancelled + sums.refused.total()
    assert len(list(room.iterdir())) == parts
    return decisions(room), [tuple(row.values()) for row in left.refused.to_pylist()], sums


def decisions(path: Path) -> list[Line]:
    found = pq.read_table(path).cast(pa.schema([(name, pa.string()) for name in NAMES]))
    return sorted(zip(*found.to_pydict().values(), strict=True))


NAMES = ("setl_id", "psn_no", "benefit", "base_fen", "deductible_applied_fen", "excess_fen", "payable_fen")


def alone(one: Any) -> tuple[list[Line], list[Line], Any]:
    """The same on one machine."""
    kept: list[Any] = []
    whole = Local.run

    def remembered(self: Local, room: Any) -> Any:
        kept.append(whole(self, room))
        return kept[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Local, "run", remembered)
        run(one)
    refused = [tuple(line) for line in _csv(one.out / "refused.csv")]
    path = one.out / "decisions.parquet"
    return (decisions(path) if path.exists() else []), refused, kept[0][1]


def _csv(path: Path) -> list[list[str]]:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.mark.parametrize("of_text", [True, False])
@pytest.mark.parametrize("parts", [1, 3, 40])
def test_blocks_say_what_parts_on_one_machine_say(tmp_path: Path, of_text: bool, parts: int) -> None:
    one = as_parquet(tmp_path, 120, of_text=of_text)
    lines, refused, sums = carried(one, tmp_path / "room", parts)
    expected = alone(one)
    assert (lines, refused) == expected[:2]
    assert sums.to_json() == expected[2].to_json()


def test_blocks_of_text_files_come_to_the_account_and_the_comparison_of_one_machine(tmp_path: Path) -> None:
    members, bills = a_tangled_city(80)
    one = request(tmp_path, members, bills)
    _, refused, sums = carried(one, tmp_path / "room", 7)
    expected = alone(one)
    assert refused == expected[1]
    assert sums.to_json() == expected[2].to_json()


def test_a_city_without_bills_is_decided_to_nothing(tmp_path: Path) -> None:
    one = request(tmp_path, a_tangled_city(5)[0], [])
    lines, refused, sums = carried(one, tmp_path / "room", 4)
    assert (lines, refused, sums.adjudicated) == ([], [], 0)


def test_a_damaged_page_is_said_in_a_sentence(tmp_path: Path) -> None:
    one = as_parquet(tmp_path, 100, of_text=False)
    path = one.settlements / "b.parquet"
    content = bytearray(path.read_bytes())
    content[200:3000] = np.random.default_rng(1).bytes(2800)
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        carried(one, tmp_path / "room", 3)


@pytest.mark.parametrize(("parts", "tasks"), [(1, 1), (5, 2), (7, 7), (40, 6)])
def test_every_part_has_one_task(parts: int, tasks: int) -> None:
    shared = Shared(parts, tasks, 3, numbers_as_text=False, ids_as_text=False)
    assert [part for task in shared.of_rows for part in shared.parts_of(task)] == list(range(parts))
    for task in shared.of_rows:
        assert {shared.task_of(part) for part in shared.parts_of(task)} == {task}
    assert [shared.task_of(parts + place) for place in range(3)] == list(shared.of_ids)
    assert shared.task_of(shared.noted) == shared.of_notes.start
