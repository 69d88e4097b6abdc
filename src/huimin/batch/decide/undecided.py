"""Which bills are undecided: for which benefits, because of which unknown term, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from huimin.adjudication import UndecidedBenefit
from huimin.batch.decide.cases import Cases
from huimin.batch.decide.rows_in_use import Work, of_cases
from huimin.batch.table.fact_columns import Settlements
from huimin.batch.table.rows import Integers

__all__ = ["NOTHING_UNDECIDED", "Undecided", "undecided_rows"]


@dataclass(frozen=True, slots=True)
class Undecided:
    """`row` has the rows of the undecided bills, rising. `kind` says for each which of `kinds` its undecided benefits
    are.
    """

    row: Integers
    kind: Integers
    kinds: tuple[tuple[UndecidedBenefit, ...], ...]

    def __len__(self) -> int:
        return len(self.row)

    def bills_by_term(self) -> Counter[tuple[str, str, str]]:
        """The number of bills by (benefit, what is not known, why)."""
        found: Counter[tuple[str, str, str]] = Counter()
        for kind, bills in zip(self.kinds, self._of_kinds(), strict=True):
            found.update({(one.benefit, one.term, one.why): bills for one in kind if bills})
        return found

    def by_member(self, member_of: Integers, names: Sequence[str], members: int) -> Integers:
        """The number of undecided bills by benefit and member, one row for each of `names`; the last row counts all
        such bills.
        """
        found = np.zeros((len(names) + 1, members), np.int64)
        mine = [{one.benefit for one in kind} for kind in self.kinds]
        for place, name in enumerate(names):
            of_benefit = np.array([name in benefits for benefits in mine], np.bool_)
            rows = self.row[of_benefit[self.kind]] if len(self) else self.row
            np.add.at(found[place], member_of[rows], 1)
        np.add.at(found[-1], member_of[self.row], 1)
        return found

    def texts(self, bills: Settlements) -> list[tuple[str, ...]]:
        """The rows of undecided.csv, in order."""
        ids, people = bills.ids.texts(self.row), bills.psn_no.texts(self.row)
        return sorted(
            (setl_id, psn_no, one.benefit, one.term, one.why)
            for setl_id, psn_no, kind in zip(ids, people, self.kind.tolist(), strict=True)
            for one in self.kinds[kind]
        )

    def _of_kinds(self) -> Iterable[int]:
        counts: list[int] = np.bincount(self.kind, minlength=len(self.kinds)).tolist()
        return counts


NOTHING_UNDECIDED = Undecided(np.empty(0, np.int64), np.empty(0, np.int64), ())


def undecided_rows(work: Work, cases: Cases) -> Undecided:
    """The rows in use whose case has an undecided benefit. They also have lines for the benefits that are decided."""
    kinds = tuple(case.undecided for case in cases.cases)
    if not any(kinds):
        return NOTHING_UNDECIDED
    row = np.flatnonzero(of_cases(np.array([bool(kind) for kind in kinds], np.bool_), cases.of_row) & work.use)
    return Undecided(row, cases.of_row[row], kinds)
