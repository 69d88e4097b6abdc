"""The columns that a file of one kind may have, by what their cells hold, and how a file's own names are matched to
them.

Case, blanks and full-width forms do not matter in names. `X_fen` stands for the amount `X` in whole fen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from huimin.errors import InputError
from huimin.settlement.normal import normal_code

__all__ = ["FEN", "Layout", "shortened", "unusable_file"]

FEN = "_fen"
_FAULTS_SHOWN, _NAMES_SHOWN, _LONGEST_SHOWN = 10, 12, 60


def unusable_file(where: object, faults: Sequence[str], count: int | None = None) -> InputError:
    """The error that refuses a whole file: its first ten faults, and how many there are (`count`, or those given)."""
    count = len(faults) if count is None else count
    if count == 1:
        return InputError(f"{where}: {faults[0]}", code="unusable_file")
    shown = "".join(f"\n  {fault}" for fault in faults[:_FAULTS_SHOWN])
    more = f"\n  and {count - _FAULTS_SHOWN} more" if count > _FAULTS_SHOWN else ""
    return InputError(f"{where} has {count} faults:{shown}{more}", code="unusable_file")


def shortened(text: str) -> str:
    """A text as a message shows it."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


@dataclass(frozen=True)
class Layout:
    """Columns by what they hold: `ids` identify people and bills, `codes` are codes, words and small numbers.

    `amounts` are yuan; any of them may instead be given as whole fen in a column whose name ends in `_fen`.
    """

    required: tuple[str, ...]
    ids: frozenset[str]
    codes: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    listing_yuan: frozenset[str] = frozenset()
    """Columns of codes whose cells also list amounts in yuan. They have no form in fen."""

    @cached_property
    def known(self) -> frozenset[str]:
        """All columns, by their names in yuan."""
        return self.ids | self.codes | self.days | self.amounts

    @cached_property
    def _written(self) -> frozenset[str]:
        return self.known | {f"{name}{FEN}" for name in self.amounts | self.listing_yuan}

    def written(self, head: str) -> str | None:
        """The layout's name for a head of the file, with `_fen` where the head has it; None for a column that is
        ignored.
        """
        name = normal_code(head).lower()
        return name if name in self._written else None

    def score(self, heads: Iterable[str]) -> int:
        """How many of a line's cells name a column."""
        return sum(self.written(head) is not None for head in heads)

    def names_all(self, heads: Iterable[str]) -> bool:
        """Whether a line names all required columns."""
        found = {(self.written(head) or "").removesuffix(FEN) for head in heads}
        return found.issuperset(self.required)

    def columns(self, where: object, heads: Sequence[str]) -> list[str | None]:
        """The name of each column, None for an ignored one. Raises InputError (`unusable_file`) with all faults."""
        found = [self.written(head) for head in heads]
        faults = list(chain(self._missing(heads, found), self._twice(found)))
        if faults:
            raise unusable_file(where, faults)
        return found

    def _missing(self, heads: Sequence[str], found: Sequence[str | None]) -> list[str]:
        have = {(name or "").removesuffix(FEN) for name in found}
        missing = [name for name in self.required if name not in have]
        if not missing:
            return []
        named = [shortened(head) for head in heads if head]
        shown = ", ".join(named[:_NAMES_SHOWN]) + (", …" if len(named) > _NAMES_SHOWN else "")
        return [f"the columns {', '.join(missing)} are missing; found the columns {shown or '(none)'}"]

    def _twice(self, found: Sequence[str | None]) -> list[str]:
        counts = Counter(name for name in found if name is not None)
        faults = [f"found the column {name} twice; keep one of them" for name, n in counts.items() if n > 1]
        faults += [
            f"found the column {name} twice, in yuan and as {name}{FEN} in fen; keep one of them"
            for name in sorted(self.amounts)
            if counts[name] and counts[f"{name}{FEN}"]
        ]
        faults += [
            f"found the column {name}{FEN}; expected {name}, whose cells list amounts in yuan"
            for name in sorted(self.listing_yuan)
            if counts[f"{name}{FEN}"]
        ]
        return faults
