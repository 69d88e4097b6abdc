"""Members and bills of a past year, with a trend to the year that is priced."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from huimin.adjudication import Program
from huimin.batch.decide.by_column import Decided, decide_columns
from huimin.batch.files.sources import open_members, open_settlements, usable_rows
from huimin.batch.reports.account import paid_by_member
from huimin.batch.table.fact_columns import Members, Settlements
from huimin.batch.table.rows import Integers
from huimin.errors import InputError
from huimin.money import BASIS
from huimin.settlement.reading import MEMBERS, SETTLEMENTS
from huimin.settlement.record import OTHER_PAYERS, QUANTITIES

__all__ = ["History", "history_of_tables", "read_history"]


@dataclass(frozen=True)
class History:
    """`digest`: SHA-256 of the two files' bytes."""

    members: Members
    bills: Settlements
    digest: str

    def decide(self, program: Program, threads: int = 2) -> Decided:
        """Decide the history. The result has only lines of benefits, and none for bills to which no benefit applies."""
        decided = decide_columns(program, self.members, self.bills, threads=threads)
        of_benefits = decided.lines.benefit < len(program.benefits)
        if not of_benefits.all():
            decided.lines = decided.lines.take(np.flatnonzero(of_benefits))
        return decided

    def by_member(self, decided: Decided, programs_benefits: int) -> Integers:
        """Fen paid by benefit and member: one row for each benefit."""
        return paid_by_member(decided.lines, decided.member_of, programs_benefits, len(self.members))

    def paid(self, program: Program) -> Integers:
        """Fen paid by member, all benefits together."""
        return np.asarray(self.by_member(self.decide(program), len(program.benefits)).sum(axis=0))

    def only(self, members: Integers, decided: Decided) -> History:
        """The history of these members only (rows, rising) with their bills. `decided` says whose each bill is."""
        chosen = np.zeros(len(self.members) + 1, np.bool_)
        chosen[members] = True
        bills = np.flatnonzero(chosen[decided.member_of])
        return History(Members(self.members.rows.take(members)), Settlements(self.bills.rows.take(bills)), self.digest)

    def trended(self, basis_points: int, programs: Collection[Program]) -> History:
        """The history with all amounts that some program uses raised by `basis_points`; other amounts are dropped.

        Amounts are scaled bill by bill before anything is subtracted, and rounded half-up to the fen. What others paid
        is rounded down, so that the parts of a bill never exceed it.
        """
        asked = {
            field
            for program in programs
            for benefit in program.benefits
            for name in ("personal", *benefit.needed, *program.payers_before)
            for _, field in QUANTITIES[name]
        }
        factor = BASIS + basis_points
        bills = object.__new__(Settlements)
        bills.__dict__.update({name: value for name, value in vars(self.bills).items() if name in _OF_ROWS})
        bills.amounts = {
            name: ((values * factor + (0 if name in OTHER_PAYERS else BASIS // 2)) // BASIS, states)
            for name, (values, states) in self.bills.amounts.items()
            if name in asked
        }
        return History(self.members, bills, self.digest)


_OF_ROWS = ("rows", "ids", "psn_no", "time", "admission", "discharge", "odd")


def history_of_tables(members: pa.Table, settlements: pa.Table, digest: str) -> History:
    """From Arrow tables in the files' columns. Raises InputError (`unusable_file`)."""
    people = Members(usable_rows("members", members, MEMBERS))
    return History(people, Settlements(usable_rows("settlements", settlements, SETTLEMENTS)), digest)


def read_history(members: Path, settlements: Path) -> History:
    """Raises InputError (`unusable_file`, `empty_history`)."""
    people, bills = open_members(members), open_settlements(settlements)
    history = History(Members(people.read()), Settlements(bills.read()), _digest([*people.stamp, *bills.stamp]))
    if not len(history.members):
        raise InputError(f"{members}: found no members; expected those of a whole year", code="empty_history")
    return history


def _digest(stamps: list[tuple[str, int, int]]) -> str:
    found = hashlib.sha256()
    for name, _, _ in stamps:
        with Path(name).open("rb") as file:
            while block := file.read(1 << 20):
                found.update(block)
    return found.hexdigest()
