"""A job on one machine: bills are shared out over parts on disk, and parts are decided side by side.

Finished work stays in the job's own directory, so that a job that was killed goes on from there. A job that fits into
one part is read directly.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from huimin.batch.decide.refusals import Refusals, read_refusals, write_refusals, write_refused_file
from huimin.batch.decide.result_rows import UNDECIDED_COLUMNS, csv_text
from huimin.batch.decide.sums import Sums
from huimin.batch.files.job_directory import JobDirectory, job_directory
from huimin.batch.files.sources import Source, open_members, open_settlements
from huimin.batch.job.crossing import Crossing, resolve_crossing
from huimin.batch.job.memory import kept_memory
from huimin.batch.job.parts import PartResult, Task, decide_part, write_decisions
from huimin.batch.job.running import Progress, Request
from huimin.batch.job.sharing_out import Chunks, Parts, put_by_part
from huimin.batch.job.sizing import rows_that_fit
from huimin.batch.reports.summary import JobSummary, summary_of
from huimin.batch.reports.tables import result_tables, write_joined
from huimin.batch.side_by_side import side_by_side
from huimin.batch.table.fact_columns import Members
from huimin.batch.table.keys import MemberIndex
from huimin.batch.table.rows import Rows

__all__ = ["Local", "run_by_column"]

FORMAT = "huimin-job/5"


def run_by_column(
    request: Request,
    memory: int | None = None,
    threads: int = 1,
    rows_per_part: int | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] | None = None,
) -> JobSummary:
    """Run a job on this machine. See `running.run`."""
    with kept_memory():
        task = Task.of(request)
        people = open_members(request.members)
        bills = open_settlements(request.settlements)
        if say is not None:
            for sentence in task.lacking(people.schema.names, bills.schema.names):
                say(sentence)
        members = Members(people.read(threads))
        local = Local.planned(task, members, bills, memory, threads, rows_per_part, progress)
        with job_directory(request.out, _identity(request, task, people, bills, local.parts.count)) as scratch:
            if not scratch.has(_ASSEMBLED):
                rows_read, sums = local.run(scratch)
                summary = summary_of(request.plan, task.program, "local", rows_read, sums, people, bills)
                tables = result_tables(request.plan.plan, task, sums)
                local.assemble(scratch, summary, tables)
            found = scratch.json(_ASSEMBLED)
            scratch.publish([*found["files"], _SUMMARY])
        return JobSummary(**found["summary"])


def _identity(request: Request, task: Task, people: Source, bills: Source, parts: int) -> dict[str, Any]:
    """What must be equal for two runs to be the same job, so that one goes on with the work of the other."""
    return {
        "format": FORMAT,
        "plan": [request.plan.digest, task.program.digest],
        "compare": None if request.compare is None else request.compare.digest,
        "account": request.account,
        "members": people.stamp,
        "settlements": bills.stamp,
        "parts": parts,
    }


@dataclass(slots=True)
class Local:
    """A job as it is planned: `parts` of the bills, `threads` at once."""

    task: Task
    members: Members
    bills: Source
    parts: Parts
    threads: int
    progress: Progress
    crossing: Crossing

    @classmethod
    def planned(
        cls,
        task: Task,
        members: Members,
        bills: Source,
        memory: int | None,
        threads: int,
        rows_per_part: int | None,
        progress: Progress | None,
    ) -> Local:
        rows = rows_per_part or rows_that_fit(memory, task, members, bills, threads)
        parts = Parts(len(members), max(1, -(-bills.count // rows)))
        return cls(task, members, bills, parts, threads, progress or (lambda *_: None), Crossing())

    def run(self, scratch: JobDirectory) -> tuple[int, Sums]:
        """Rows read, and the sums of all parts, whose files are in the job's directory."""
        if self.parts.count == 1:
            rows_read = self._whole(scratch)
            return rows_read, Sums.from_json(scratch.json(_part(0, "json")))
        chunks = self._share_out(scratch)
        paths = [[scratch.path(_file(place, n)) for n in range(self.parts.files)] for place in range(len(chunks))]
        rows = sum(chunk["rows"] for chunk in chunks)
        files = Chunks(paths, rows, self.parts, self.bills.empty.table.schema, self.members.rows.column("psn_no"))
        self.crossing = self._crossing(scratch, files, chunks)
        self._decide(scratch, files)
        sums = [Sums.from_json(scratch.json(_part(n, "json"))) for n in range(self.parts.count)]
        sums += [Sums(refused=Counter(chunk["refused"])) for chunk in chunks]
        crossing = Counter(refusal.code for refusal in self.crossing.refused)
        sums.append(Sums(cancelled=self.crossing.cancelled, refused=crossing))
        return rows, Sums.of(sums)

    def _whole(self, scratch: JobDirectory) -> int:
        rows = self.bills.read()
        self._put_part(scratch, 0, decide_part(self.task, self.members, rows, threads=self.threads))
        return len(rows)

    def _share_out(self, scratch: JobDirectory) -> list[dict[str, Any]]:
        """Share out chunk by chunk. Returns what was found in each."""
        index = MemberIndex(self.members.psn_no)
        tasks = (partial(self._chunk, scratch, place, read, index) for place, read in enumerate(self.bills.chunks()))
        found, done = [], 0
        for chunk in side_by_side(self.threads, tasks):
            found.append(chunk)
            done += chunk["rows"]
            self.progress("reading", done, max(done, self.bills.count))
        return found

    def _chunk(self, scratch: JobDirectory, place: int, read: Callable[[], Rows], index: MemberIndex) -> dict[str, Any]:
        name = _chunk(place, "json")
        if not scratch.has(name):
            rows = read()
            by_part = put_by_part(rows, self.parts, index)
            for file in range(self.parts.files):
                scratch.put(_file(place, file), partial(by_part.write, file=file))
            refused = Refusals(by_part.refused)
            _put_refused(scratch, _chunk(place, _REFUSED_ROWS), refused.table())
            scratch.put_json(name, {"rows": len(rows), "refused": refused.by_code(), "ids": by_part.ids})
        found: dict[str, Any] = scratch.json(name)
        return found

    def _crossing(self, scratch: JobDirectory, files: Chunks, chunks: list[dict[str, Any]]) -> Crossing:
        """The outcome for ids that cross parts. It is stored before the first part is decided, because files are
        removed from then on.
        """
        if not scratch.has(_CROSSING):
            found = resolve_crossing(files, [chunk["ids"] for chunk in chunks], self.threads)
            scratch.put_json(_CROSSING, found.to_json())
        return Crossing.from_json(scratch.json(_CROSSING))

    def _decide(self, scratch: JobDirectory, files: Chunks) -> None:
        def part(place: int) -> None:
            if not scratch.has(_part(place, "json")):
                rows, member_of = files.read_part(place, self.crossing.dropped)
                first, end = self.parts.range_of(place)
                inside = np.where(member_of >= 0, member_of - first, -1)
                members = self.members.slice(first, end)
                found = decide_part(self.task, members, rows, inside, repeated=self.crossing.repeated)
                self._put_part(scratch, place, found)

        tasks = (partial(part, place) for place in self._all())
        # Removing a file waits until its pending writes are on the disk. A thread of its own waits, so that nothing
        # else does.
        with ThreadPoolExecutor(1) as broom:
            for done, _ in enumerate(side_by_side(self.threads, tasks), 1):
                self.progress("deciding", done, self.parts.count)
                broom.submit(self._take_away, files, done)

    def _take_away(self, files: Chunks, done: int) -> None:
        """Remove a file of each chunk once `done`, the number of decided parts, reaches the end of that file's
        parts.
        """
        file = self.parts.file_of(done) - 1
        if self.parts.in_file(file)[1] == done:
            for paths in files.paths:
                paths[file].unlink(missing_ok=True)

    def _put_part(self, scratch: JobDirectory, place: int, found: PartResult) -> None:
        kind = "parquet" if self.bills.is_parquet else "csv"
        scratch.put(_part(place, kind), lambda path: write_decisions(path, found.decisions, header=place == 0))
        _put_refused(scratch, _part(place, _REFUSED_ROWS), found.refused)
        scratch.put_text(_part(place, "undecided.csv"), csv_text(found.undecided))
        scratch.put_json(_part(place, "json"), found.sums.to_json())

    def assemble(self, scratch: JobDirectory, summary: Any, tables: Mapping[str, str]) -> None:
        """Write the results as they will appear into the job's directory, and last a note that all are there."""
        files = self._decisions(scratch)
        refused = [read_refusals(path) for path in sorted(scratch.home.glob(f"*.{_REFUSED_ROWS}"))]
        refused.append(Refusals(self.crossing.refused).table())
        undecided = sorted(scratch.home.glob(f"*.{_UNDECIDED}"))
        scratch.put(_REFUSED, lambda path: write_refused_file(path, refused, self.threads))
        scratch.put(_UNDECIDED, lambda path: write_joined(path, UNDECIDED_COLUMNS, undecided))
        for name, text in tables.items():
            scratch.put_text(name, text)
        scratch.put_json(_SUMMARY, asdict(summary), indent=2)
        files += [_REFUSED, _UNDECIDED, *tables]
        scratch.put_json(_ASSEMBLED, {"summary": asdict(summary), "files": files})

    def _decisions(self, scratch: JobDirectory) -> list[str]:
        """Parquet in several parts is a directory, which every reader of Parquet takes as one table."""
        if not self.bills.is_parquet:
            scratch.put("decisions.csv", lambda path: _join(path, [scratch.path(_part(n, "csv")) for n in self._all()]))
            return ["decisions.csv"]
        if self.parts.count == 1:
            scratch.path(_part(0, "parquet")).replace(scratch.path("decisions.parquet"))
        else:
            home = scratch.path("decisions.parquet")
            home.mkdir(exist_ok=True)
            for place in self._all():
                if scratch.has(_part(place, "parquet")):
                    scratch.path(_part(place, "parquet")).replace(home.joinpath(_part(place, "parquet")))
        return ["decisions.parquet"]

    def _all(self) -> range:
        return range(self.parts.count)


def _chunk(place: int, kind: str) -> str:
    return f"chunk-{place:05}.{kind}"


def _file(chunk: int, file: int) -> str:
    return _chunk(chunk, f"{file:02}.arrow")


_CROSSING, _ASSEMBLED, _SUMMARY = "crossing.json", "assembled.json", "summary.json"
_REFUSED, _UNDECIDED, _REFUSED_ROWS = "refused.csv", "undecided.csv", "refused.arrow"


def _part(place: int, kind: str) -> str:
    return f"part-{place:05}.{kind}"


def _put_refused(scratch: JobDirectory, name: str, refused: pa.Table) -> None:
    if len(refused):
        scratch.put(name, partial(write_refusals, table=refused))


def _join(path: Path, parts: Iterable[Path]) -> None:
    with path.open("wb") as out:
        for part in parts:
            with part.open("rb") as file:
                shutil.copyfileobj(file, out)
