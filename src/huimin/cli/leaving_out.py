"""Libraries that others load where they are installed, and that a command does not use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["leave_out"]


def leave_out(*names: str) -> None:
    """Make libraries look as though they were not installed. Those that are loaded already stay.

    Where pandas and SciPy are installed PyArrow and Numba load them, which takes 0.4 seconds; the job over columns uses
    neither. Only for a process of the command's own: in another they may be wanted later.
    """
    sys.meta_path.insert(0, _NotThere(names))


class _NotThere(MetaPathFinder):
    """Says of a few names that they are not there. An entry of None in sys.modules would not do: Cython takes it."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self._names:
            raise ModuleNotFoundError(f"{fullname} was left out", name=fullname)
        return None
