"""Keeps libraries from being loaded that other libraries load if installed, but that a command does not use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["leave_out"]


def leave_out(*names: str) -> None:
    """Make libraries look as if they were not installed. Libraries that are already loaded stay.

    PyArrow and Numba load pandas and SciPy if these are installed. That takes 0.4 seconds, and the job by column uses
    neither. Call it only in the command's own process: another program may need them later.
    """
    sys.meta_path.insert(0, _NotThere(names))


class _NotThere(MetaPathFinder):
    """Reports a few modules as not found. An entry of None in sys.modules would not be enough, because Cython accepts
    it.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self._names:
            raise ModuleNotFoundError(f"{fullname} was left out", name=fullname)
        return None
