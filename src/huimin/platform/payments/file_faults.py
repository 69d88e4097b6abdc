"""What is wrong with a file that somebody sent: every fault at once, each with its place, and nothing of it done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huimin.errors import HuiminError

__all__ = ["FileFault", "FileFaults"]

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing wrong. `place`: a cell or a line; `kind`: a code of the file's own, for which pages have a sentence."""

    kind: str
    place: str = ""
    found: str = ""
    expected: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        wanted = f"; expected {self.expected}" if self.expected else ""
        return f"{where}{self.kind}, found {self.found[:_LONGEST]!r}{wanted}"


class FileFaults(HuiminError):
    """A file cannot be used. All its faults are listed, and nothing of it was done."""

    code = "file_faults"

    def __init__(self, faults: Iterable[FileFault]) -> None:
        self.faults = tuple(faults)
        listed = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"the file has {len(self.faults)} faults:\n{listed}", values={"count": str(len(self.faults))})
