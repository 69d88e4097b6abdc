"""Putting a mutant's code into functions that are there already, so that nothing has to be imported again.

Whoever holds a function, by whatever name, holds the same object: it gets other code.
"""

from __future__ import annotations

import ast
import functools
import gc
from collections import defaultdict
from pathlib import Path
from types import CodeType, FunctionType

from mutants.changes import code_objects

__all__ = ["Functions", "forget_answers"]


class Functions:
    """The functions in memory that come from a folder, by their place in the source."""

    def __init__(self, folder: Path) -> None:
        self._found: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(f"{folder}/"):
                self._found[_place(one.__code__)].append(one)

    def put(self, source: str, tree: ast.Module, path: Path) -> int:
        """Give the functions of this file the tree's code, where the source has another for them.

        Returns how many got other code.
        """
        before, after = (_by_place(compile(one, str(path), "exec", dont_inherit=True)) for one in (source, tree))
        changed = 0
        for place, codes in after.items():
            # Two that stand at one place, such as lambdas in one line, are told apart by their order.
            others = [(old, new) for old, new in zip(before.get(place, ()), codes, strict=False) if old != new]
            for function in self._found.get(place, ()) if others else ():
                new = next((new for old, new in others if old == function.__code__), None)
                if new is not None and function.__code__.co_freevars == new.co_freevars:
                    function.__code__ = new
                    changed += 1
        return changed


def _by_place(code: CodeType) -> dict[tuple[str, str, int], list[CodeType]]:
    found: dict[tuple[str, str, int], list[CodeType]] = defaultdict(list)
    for one in code_objects(code):
        found[_place(one)].append(one)
    return found


def _place(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def forget_answers(package: str) -> None:
    """Empty the caches of functions, which hold what the code before the change computed."""
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and str(getattr(one, "__module__", "")).startswith(package):
            one.cache_clear()
