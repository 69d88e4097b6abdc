"""Which tests call which functions: found by running each test once and watching the calls.

The map is kept in var/ with a digest of what it was made from, and made again when that has changed.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from mutants.drawing import module_of

__all__ = [
    "Calls",
    "MeasuredTest",
    "chosen_for",
    "digest_of",
    "is_about",
    "keep_map",
    "kept_map",
    "names_in",
    "words_in",
]

LONGEST_SECONDS = 90.0
"""Tests for one mutant: where all of them would take longer than this, the longest are left out."""


@dataclass(frozen=True, slots=True)
class MeasuredTest:
    """One test that passes: how long it takes, and the functions that it calls, as `path:qualified name`."""

    name: str
    seconds: float
    functions: frozenset[str]
    commits: bool
    """Such a test empties the database when it is over, so that it comes last."""


class Calls:
    """Watches calls of functions in the files below a folder, for one test after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = f"{folder}/"
        self._seen: set[CodeType] = set()

    def start(self) -> None:
        self._seen = set()
        threading.settrace(self._called)
        sys.settrace(self._called)

    def stop(self) -> frozenset[str]:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
        files = {code: code.co_filename for code in self._seen}
        return frozenset(
            f"{name.removeprefix(self._folder)}:{code.co_qualname}"
            for code, name in files.items()
            if name.startswith(self._folder)
        )

    def _called(self, frame: FrameType, event: str, argument: Any) -> None:
        self._seen.add(frame.f_code)


def chosen_for(
    path: str,
    function: str,
    tests: Iterable[MeasuredTest],
    naming: frozenset[str] = frozenset(),
    using: frozenset[str] = frozenset(),
) -> tuple[list[MeasuredTest], int]:
    """The tests that call a function, quick ones first, and how many were left out for being too long together.

    `function`: the outermost function's qualified name; "" for what happens at import, where those tests are taken
    that call one of `naming` or are among `using`, or else those that call any function of the file. `using` are the
    tests that look at it: they come before those that only meet it on their way, and get half of the time at most.
    """
    if function:
        inside = f"{path}:{function}"
        wanted = [one for one in tests if any(f == inside or f.startswith(f"{inside}.") for f in one.functions)]
    else:
        wanted = [one for one in tests if one.functions & naming or one.name in using]
        wanted = wanted or [one for one in tests if any(f.startswith(f"{path}:") for f in one.functions)]
    wanted.sort(key=lambda one: (one.commits, one.seconds))
    # Tests of one file look at the same thing: the quickest of each file, then the second of each, and so on.
    before, turns = Counter[str](), list[int]()
    for one in wanted:
        file = one.name.partition("::")[0]
        turns.append(before[file])
        before[file] += 1
    in_turn = sorted(zip(turns, wanted, strict=True), key=lambda pair: (pair[1].commits, pair[0]))
    near = _within([one for _turn, one in in_turn if one.name in using and not one.commits], LONGEST_SECONDS / 2)
    names = {one.name for one in near}
    kept = _within([*near, *(one for _turn, one in in_turn if one.name not in names)], LONGEST_SECONDS)
    return kept, len(wanted) - len(kept)


def _within(tests: Iterable[MeasuredTest], limit: float) -> list[MeasuredTest]:
    """The first of these tests, as many as take no longer than this together; at least one."""
    kept, seconds = list[MeasuredTest](), 0.0
    for one in tests:
        seconds += one.seconds
        if kept and seconds > limit:
            break
        kept.append(one)
    return kept


def is_about(tests: Path, path: str) -> bool:
    """Whether a file of tests is named after a module of the platform, or takes something from it."""
    return Path(path).stem in tests.stem or module_of(path) in _modules_in(tests)


@cache
def _modules_in(path: Path) -> frozenset[str]:
    """The modules that a file of tests imports, or takes names from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return frozenset(found)


@cache
def words_in(path: Path) -> frozenset[str]:
    """The names that a file of tests uses."""
    return names_in(path.read_text("utf-8"))


def names_in(text: str) -> frozenset[str]:
    """The names in a text: in a test's own name too, where it is asked about one thing after the other."""
    return frozenset(re.findall(r"[A-Za-z_]\w+", text))


def digest_of(folders: Iterable[Path]) -> str:
    """Of the names and contents of the Python files in these folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def kept_map(path: Path, digest: str | None) -> list[MeasuredTest] | None:
    """The map, if it was made of what there is now; whatever it was made of, for no digest."""
    if not path.is_file():
        return None
    content: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    if digest not in (None, content["digest"]):
        return None
    return [MeasuredTest(**{**one, "functions": frozenset(one["functions"])}) for one in content["tests"]]


def keep_map(path: Path, digest: str, tests: Iterable[MeasuredTest]) -> None:
    path.parent.mkdir(exist_ok=True)
    rows = [{**asdict(one), "functions": sorted(one.functions)} for one in tests]
    path.write_text(json.dumps({"digest": digest, "tests": rows, "made_at": time.time()}), "utf-8")
