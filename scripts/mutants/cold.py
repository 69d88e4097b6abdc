"""A pytest plugin that imports one module of the platform with a mutant in it: for what happens at import.

Its name is in the environment: HUIMIN_MUTANT="path below platform:number of the change". The first test that fails is
written into the file HUIMIN_MUTANT_NOTICED.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from mutants.changes import changed_tree
from mutants.drawing import Platform, module_of

__all__: list[str] = []

ROOT = Path(__file__).resolve().parents[2]
_TOOL_FAILED = 3


class _Loader(importlib.machinery.SourceFileLoader):
    tree: Any

    def get_code(self, fullname: str) -> CodeType:
        found: CodeType = compile(self.tree, self.path, "exec", dont_inherit=True)
        return found


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name: str, loader: _Loader) -> None:
        self.name, self.loader = name, loader

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        inside = [str(Path(self.loader.path).parent)] if self.loader.path.endswith("__init__.py") else None
        return spec_from_file_location(
            fullname, self.loader.path, loader=self.loader, submodule_search_locations=inside
        )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        Path(os.environ["HUIMIN_MUTANT_NOTICED"]).write_text(report.nodeid, "utf-8")


def _install() -> None:
    path, _, number = os.environ["HUIMIN_MUTANT"].rpartition(":")
    platform = Platform(ROOT)
    name = module_of(path)
    loader = _Loader(name, str(platform.folder / path))
    loader.tree = changed_tree(platform.sources[path], platform.enums, int(number))
    if name in sys.modules:
        raise RuntimeError(f"{name} was imported before the mutant was made")
    sys.meta_path.insert(0, _Finder(name, loader))


_made = False
try:
    _install()
    _made = True
finally:
    if not _made:  # the tool's own fault: no test has noticed anything
        os._exit(_TOOL_FAILED)
