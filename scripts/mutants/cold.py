"""A pytest plugin that imports one module of the platform with a mutant in it: for what happens at import.

Its name is in the environment: HUIMIN_MUTANT="path below platform:number of the change".
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

from mutants.changes import changed_tree
from mutants.drawing import Platform

__all__: list[str] = []

ROOT = Path(__file__).resolve().parents[2]


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


def _install() -> None:
    path, _, number = os.environ["HUIMIN_MUTANT"].rpartition(":")
    platform = Platform(ROOT)
    name = "huimin.platform." + path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    loader = _Loader(name, str(platform.folder / path))
    loader.tree = changed_tree(platform.sources[path], platform.enums, int(number))
    if name in sys.modules:
        raise RuntimeError(f"{name} was imported before the mutant was made")
    sys.meta_path.insert(0, _Finder(name, loader))


_install()
