"""A pytest session that collects the platform's tests once, loads their city once, and forks for each mutant.

A child process puts the mutant's code in place, runs the tests that call it, and ends at the first that fails.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pytest

from mutants.drawing import Mutant, Platform
from mutants.tested import Calls, MeasuredTest, chosen_for, digest_of, is_about, keep_map, kept_map, names_in, words_in
from mutants.warm import Functions, forget_answers

__all__ = ["Outcome", "Plan", "Warm"]

_PASSED, _FAILED, _NOT_APPLIED, _BROKEN = 0, 1, 3, 4
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do: until when (by time.monotonic), at most how many, whether an old map is good enough."""

    root: Path
    mutants: Sequence[Mutant]
    platform: Platform
    ends_at: float
    most: int
    any_map: bool
    at_once: int = _AT_ONCE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant: `killed`, `timeout` (counts as killed), `survived`, `untested` (no test calls it; counts
    as survived) or `fault` (the tool could not try it; does not count)."""

    mutant: Mutant
    became: str
    by: str = ""
    """The test that noticed."""
    left_out: int = 0
    """Tests that call it and were not run, since all of them would have taken too long."""


@dataclass(slots=True)
class _Running:
    mutant: Mutant
    tests: list[MeasuredTest]
    left_out: int
    until: float
    pipe: int
    process: subprocess.Popen[bytes] | None = None


@dataclass(eq=False)  # pytest keeps its plugins in sets
class Warm:
    """The plugin."""

    plan: Plan
    outcomes: list[Outcome] = field(default_factory=list)
    not_passing: list[str] = field(default_factory=list)
    _another: pytest.Item | None = None
    _failed: bool = False
    _seconds: float = 0.0
    _calls: Calls | None = None
    _items: dict[str, pytest.Item] = field(default_factory=dict)
    _fail_alone: dict[str, bool] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed |= report.failed
        self._seconds += report.duration

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        self._items = {item.nodeid: item for item in session.items}
        # Both directly in tests/platform: what is set up for them and stays is then set up for every other test too.
        top = [item for item in session.items if item.path.parent == self.plan.root / "tests" / "platform"]
        first = next(item for item in top if "db" in getattr(item, "fixturenames", ()))
        self._another = next(item for item in top if item.path != first.path)
        self._run(first)  # loads the city, which every child then has
        if self._failed:
            raise session.Interrupted(f"{first.nodeid} fails without any mutant")
        tests = self._tests(session.items)
        self._try_all(tests)
        return True

    def _run(self, item: pytest.Item, following: pytest.Item | None = None) -> bool:
        """Whether a test passes. It is never the last one: after that, pytest would take the database away."""
        self._failed, self._seconds = False, 0.0
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following or self._another)
        return not self._failed

    # The map of tests

    def _tests(self, items: Sequence[pytest.Item]) -> list[MeasuredTest]:
        path = self.plan.root / "var" / "mutation-map.json"
        digest = digest_of([self.plan.platform.folder, self.plan.root / "tests"])
        found = kept_map(path, None if self.plan.any_map else digest) or []
        known = {one.name for one in found}
        unknown = [item for item in items if item.nodeid not in known]
        if unknown:
            found += self._measured(unknown)
            keep_map(path, digest, found)
        return [one for one in found if one.name in self._items]

    def _measured(self, items: Sequence[pytest.Item]) -> list[MeasuredTest]:
        """Every test once, files shared out among children; tests that do not pass are left out and named."""
        files = sorted({str(item.path) for item in items})
        parts = [
            [item for item in items if files.index(str(item.path)) % self.plan.at_once == part]
            for part in range(self.plan.at_once)
        ]
        children = [_forked(lambda part=part: self._measure(part)) for part in parts]  # type: ignore[misc]
        found = []
        for pid, pipe in children:
            with os.fdopen(pipe, "rb") as told:
                rows = [json.loads(line) for line in told]
            os.waitpid(pid, 0)
            self.not_passing += [row["name"] for row in rows if not row.pop("passed")]
            found += [MeasuredTest(**{**row, "functions": frozenset(row["functions"])}) for row in rows]
        known = set(self.not_passing)
        return [one for one in found if one.name not in known]

    def _measure(self, items: Sequence[pytest.Item]) -> Iterator[bytes]:
        calls = Calls(self.plan.platform.folder)
        for place, item in enumerate(items):
            calls.start()
            passed = self._run(item, items[place + 1] if place + 1 < len(items) else None)
            row = {
                "name": item.nodeid,
                "passed": passed,
                "seconds": self._seconds,
                "functions": sorted(calls.stop()),
                "commits": _commits(item),
            }
            yield json.dumps(row).encode() + b"\n"

    # The mutants

    def _try_all(self, tests: Sequence[MeasuredTest]) -> None:
        for module in self.plan.platform.modules():  # what workers do is imported when it is first done
            import_module(module)
        functions = Functions(self.plan.platform.folder)
        running: list[_Running] = []
        waiting = list(self.plan.mutants[: self.plan.most])[::-1]
        try:
            while running or (waiting and time.monotonic() < self.plan.ends_at):
                while waiting and len(running) < self.plan.at_once and time.monotonic() < self.plan.ends_at:
                    begun = self._begin(waiting.pop(), tests, functions)
                    if begun is not None:
                        running.append(begun)
                running = [one for one in running if not self._ended(one)]
                time.sleep(0.05)
        finally:  # also where the run is broken off
            for one in running:
                os.killpg(one.process.pid if one.process else self._pids[one.pipe], signal.SIGKILL)

    def _begin(self, mutant: Mutant, tests: Sequence[MeasuredTest], functions: Functions) -> _Running | None:
        change = mutant.change
        naming, words = frozenset[str](), frozenset(change.function.split("."))
        if not change.function:
            naming = self.plan.platform.functions_naming(mutant.path, change.names)
            words = self.plan.platform.made_of(mutant.path, change.names)
        using = frozenset(
            name
            for name, item in self._items.items()
            if words & (words_in(item.path) | names_in(name)) or (change.function and is_about(item.path, mutant.path))
        )
        chosen, left_out = chosen_for(mutant.path, change.function, tests, naming, using)
        if not chosen:
            self._became(Outcome(mutant, "untested"))
            return None
        until = time.monotonic() + 30 + 10 * sum(one.seconds for one in chosen)
        if change.function:
            pid, pipe = _forked(lambda: self._try(mutant, chosen, functions))
            self._pids[pipe] = pid
            return _Running(mutant, chosen, left_out, until, pipe)
        pipe, process = self._cold(mutant, chosen)
        return _Running(mutant, chosen, left_out, until + 60, pipe, process)

    _pids: dict[int, int] = field(default_factory=dict)

    def _try(self, mutant: Mutant, tests: Sequence[MeasuredTest], functions: Functions) -> Iterator[bytes]:
        """In the child: the name of the first test that fails, or nothing."""
        path = self.plan.platform.folder / mutant.path
        source = self.plan.platform.sources[mutant.path]
        if not functions.put(source, self.plan.platform.tree_of(mutant), path):
            yield b"?"
            return
        forget_answers("huimin")
        failed = self._first_failure([self._items[one.name] for one in tests])
        if failed:
            yield failed.encode()

    def _first_failure(self, items: Sequence[pytest.Item]) -> str:
        for place, item in enumerate(items):
            if not self._run(item, items[place + 1] if place + 1 < len(items) else None):
                return item.nodeid
        return ""

    def _cold(self, mutant: Mutant, tests: Sequence[MeasuredTest]) -> tuple[int, subprocess.Popen[bytes]]:
        names = [one.name for one in tests]
        command = [sys.executable, "-m", "pytest", "-x", "-p", "mutants.cold", "-p", "no:cacheprovider", *names]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(
                [str(self.plan.root / "src"), str(self.plan.root / "scripts"), os.environ.get("PYTHONPATH", "")]
            ),
            "HUIMIN_MUTANT": f"{mutant.path}:{mutant.change.number}",
            "HUIMIN_MUTANT_NOTICED": str(self._note(mutant)),
        }
        process = subprocess.Popen(
            command,
            cwd=self.plan.root,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return -process.pid, process

    def _note(self, mutant: Mutant) -> Path:
        """Where a process of its own writes the test that failed."""
        return self.plan.root / "var" / f"noticed-{mutant.path.replace('/', '-')}-{mutant.change.number}"

    def _ended(self, one: _Running) -> bool:
        """Whether a mutant's tests are over; if so, what became of it is written down."""
        status = self._status(one)
        if status is None and time.monotonic() < one.until:
            return False
        if status is None:
            os.killpg(one.process.pid if one.process else self._pids[one.pipe], signal.SIGKILL)
            became, by = "timeout", ""
            _ = one.process.wait() if one.process else os.waitpid(self._pids[one.pipe], 0)
        else:
            became, by = self._read(one, status)
        if one.process is None:
            os.close(one.pipe)
        self._became(Outcome(one.mutant, became, by, one.left_out))
        return True

    def _status(self, one: _Running) -> int | None:
        if one.process is not None:
            return one.process.poll()
        pid, status = os.waitpid(self._pids[one.pipe], os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None

    def _read(self, one: _Running, status: int) -> tuple[str, str]:
        if one.process is not None:
            # 1: a test failed. 4: the changed module cannot even be imported, which every test notices.
            became = {0: "survived", 1: "killed", 4: "killed"}.get(status, "fault")
            note = self._note(one.mutant)
            told = note.read_text("utf-8") if note.is_file() else ""
            note.unlink(missing_ok=True)
            if became != "killed" or not told:
                return became, f"pytest ended with {status}" if became == "fault" else ""
        else:
            told = b"".join(iter(lambda: os.read(one.pipe, 65536), b"")).decode()
        if told == "?":
            return "fault", "no function in memory got the changed code"
        if told and not self._fails_alone(told):
            return "killed", told
        if told:
            return "fault", f"{told} fails without a mutant when it is run first"
        return ("survived", "") if status == _PASSED else ("killed", f"the process ended with {status}")

    def _fails_alone(self, name: str) -> bool:
        """Whether a test that noticed a mutant fails without one, twice, when it is the first to run.

        Asked once a test. Twice, since a test may fail by chance while the machine is busy.
        """
        if name not in self._fail_alone:
            self._fail_alone[name] = all(self._fails_once(name) for _ in range(2))
        return self._fail_alone[name]

    def _fails_once(self, name: str) -> bool:
        pid, pipe = _forked(lambda: iter([self._first_failure([self._items[name]]).encode()]))
        with os.fdopen(pipe, "rb") as told:
            failed = bool(told.read())
        os.waitpid(pid, 0)
        return failed

    def _became(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if outcome.became != "killed":
            print(f"{outcome.became} {outcome.by} {outcome.mutant.words}", flush=True)


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ())


def _forked(work: Callable[[], Iterator[bytes]]) -> tuple[int, int]:
    """Do this in a child process that has all that is loaded here. Returns its number and a pipe of what it yields."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    status = _BROKEN
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        for part in work():
            os.write(writing, part)
        status = _PASSED
    finally:
        os._exit(status)
