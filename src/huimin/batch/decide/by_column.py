"""Decides a year's bills by column, as exactly as the evaluator, which decides what columns cannot.

Rows are put aside one reason at a time, each refused by the function that also refuses a single bill. The rest is
sorted and given to the kernel. Members whose year depends on something that columns cannot hold are decided by the
evaluator.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice, pairwise

import numpy as np

from huimin.adjudication.evaluate import adjudicate
from huimin.adjudication.program import Program
from huimin.batch.decide.cases import Cases, Known, cases_of, member_classes
from huimin.batch.decide.kernel import decide_members
from huimin.batch.decide.kernel_terms import Columns, Out
from huimin.batch.decide.plan_arrays import PlanArrays, plan_arrays
from huimin.batch.decide.putting_aside import (
    listed_costs,
    refuse_amounts,
    refuse_days,
    refuse_held,
    refuse_missing,
    refuse_strangers,
    with_payments_before,
)
from huimin.batch.decide.refusals import Refusals
from huimin.batch.decide.resolving import resolve_rows
from huimin.batch.decide.rows_in_use import LINE_COLUMNS, Lines, Work
from huimin.batch.decide.undecided import NOTHING_UNDECIDED, Undecided, undecided_rows
from huimin.batch.table.fact_columns import Members, Settlements
from huimin.batch.table.ordering import order_of
from huimin.batch.table.rows import Flags, Integers, days_since_epoch, months_since
from huimin.settlement.record import QUANTITIES

__all__ = ["Decided", "decide_columns"]


@dataclass(slots=True)
class Decided:
    """Rows read = adjudicated + undecided + cancelled + refused. `lines` by member, in the order of each member's year.

    A line of a bill to which no benefit applies has the place after the program's last benefit. `member_of` is the row
    of each settlement's member, −1 for a stranger.
    """

    lines: Lines
    member_of: Integers
    adjudicated: int
    cancelled: int
    one_by_one: int
    """The number of members whom the evaluator decided, because columns cannot hold their year."""
    refused: Refusals = field(default_factory=Refusals)
    undecided: Undecided = NOTHING_UNDECIDED


def decide_columns(
    program: Program,
    members: Members,
    settlements: Settlements,
    *,
    member_of: Integers | None = None,
    threads: int = 1,
    repeated: bool = True,
    known: Known | None = None,
) -> Decided:
    """Decide every settlement. The rows of `settlements` must be all those of their members.

    `member_of` is the row of each settlement's member (−1: not a member), if that is known already. `repeated` says
    whether some id may occur twice. `known` has the program's cases that other parts of the job have met.
    """
    known = Known() if known is None else known
    work = Work.on(program, members, settlements, member_of)
    resolve_rows(work, repeated=repeated)
    refuse_strangers(work)
    refuse_amounts(work)
    refuse_days(work)
    cases = cases_of(
        program,
        members.rows,
        member_classes(program, members.rows),
        settlements.rows,
        work.member_of,
        work.day,
        members.cover_from,
        work.use,
        work.objects,
        known,
    )
    refuse_held(work, cases)
    refuse_missing(work, cases)
    listed, exact = listed_costs(work, cases)
    exact |= with_payments_before(work)
    return _decide(work, cases, listed, exact, known, threads)


def _decide(work: Work, cases: Cases, listed: dict[str, Integers], exact: Flags, known: Known, threads: int) -> Decided:
    which = work.use & ~exact[work.member_of] if exact.any() else work.use
    rows = None if which.all() else np.flatnonzero(which)
    at = slice(None) if rows is None else rows
    order = order_of(
        work.member_of[at],
        work.bills.time[at],
        lambda places: work.bills.ids.take(places if rows is None else rows[places]),
    )
    if order is not None:
        rows = order if rows is None else rows[order]
    arrays = known.made_of(cases.cases, lambda: plan_arrays(work.program, cases.cases))
    lines, overflow = _run_kernel(work, arrays, cases.of_row, listed, rows, threads)
    if overflow.size:
        exact[overflow] = True
        lines = lines.take(np.flatnonzero(~exact[work.member_of[lines.row]]))
    lines, one_by_one = _with_exact(work, lines, exact)
    undecided = undecided_rows(work, cases)
    adjudicated = int(np.count_nonzero(work.use)) - len(undecided)
    return Decided(lines, work.member_of, adjudicated, work.cancelled, one_by_one, work.refused, undecided)


def _run_kernel(
    work: Work,
    arrays: PlanArrays,
    of_row: Integers,
    listed: dict[str, Integers],
    rows: Integers | None,
    threads: int,
) -> tuple[Lines, Integers]:
    """The lines of `rows` (None: all rows), in order, and the members whose sums are too large for the kernel."""
    columns = _columns(work, arrays, of_row, listed, rows)
    member = work.member_of if rows is None else work.member_of[rows]
    starts = np.flatnonzero(np.append(True, member[1:] != member[:-1])) if len(member) else np.zeros(0, np.int64)
    member_start = np.append(starts, len(member)).astype(np.int64)
    # Each thread has whole members; its lines begin where those of the threads before it end.
    bounds = np.linspace(0, len(starts), threads + 1).astype(int)
    counts = np.array([len(places) for places in arrays.benefits] or [0], np.int64)
    sizes = [int(counts[columns.case[member_start[low] : member_start[high]]].sum()) for low, high in pairwise(bounds)]
    places = np.cumsum([0, *sizes]).tolist()
    out = Out(*(np.empty(places[-1], np.int64) for _ in LINE_COLUMNS))
    overflow = np.zeros(len(starts), np.bool_)

    def part(index: int) -> None:
        low, high = int(bounds[index]), int(bounds[index + 1])
        decide_members(arrays.terms, member_start[low : high + 1], columns, places[index], out, overflow[low:high])

    if threads == 1:
        part(0)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, range(threads)))
    return Lines(*out), member[starts[overflow]]


def _columns(
    work: Work, arrays: PlanArrays, of_row: Integers, listed: dict[str, Integers], rows: Integers | None
) -> Columns:
    bills, program = work.bills, work.program
    at = slice(None) if rows is None else rows
    before = ((-sign, field) for name in program.payers_before for sign, field in QUANTITIES[name])
    allowances = any(benefit.allowance is not None for benefit in program.benefits)
    by_month = allowances or any(limit.per == "month" for benefit in program.benefits for limit in benefit.limits)
    nothing = np.zeros(0, np.int64)
    day = work.day[at]
    return Columns(
        np.arange(len(work.use)) if rows is None else rows,
        of_row[at],
        day - days_since_epoch(program.cover_from),
        months_since(program.cover_from, day) if by_month else nothing,
        (bills.discharge - bills.admission)[at] if allowances else nothing,
        bills.quantity([*QUANTITIES["personal"], *before])[at],
        _matrix([bills.quantity(QUANTITIES[name]) for name in arrays.quantities], rows, len(day)),
        _matrix([listed.get(name, np.zeros(len(work.use), np.int64)) for name in arrays.lists], rows, len(day)),
    )


def _matrix(columns: list[Integers], rows: Integers | None, length: int) -> Integers:
    gathered = np.empty((len(columns), length), np.int64)
    for place, column in enumerate(columns):
        if rows is None:
            gathered[place] = column
        else:
            np.take(column, rows, out=gathered[place])
    return gathered


def _with_exact(work: Work, lines: Lines, exact: Flags) -> tuple[Lines, int]:
    """The lines of all members, where the evaluator decides those marked in `exact`; and the number of the latter."""
    rows = np.flatnonzero(work.use & exact[work.member_of]) if exact.any() else np.empty(0, np.int64)
    rows = rows[np.argsort(work.member_of[rows], kind="stable")]
    members, starts = np.unique(work.member_of[rows], return_index=True)
    if rows.size:
        place = {name: n for n, name in enumerate(work.program.line_names)}
        facts = zip(rows.tolist(), work.bills.read(rows), strict=True)
        found: list[tuple[int, ...]] = []
        for member, count in zip(
            work.members.read(members), np.diff(np.append(starts, len(rows))).tolist(), strict=True
        ):
            mine = list(islice(facts, count))
            row_of = {bill.setl_id: row for row, bill in mine}
            for decision in adjudicate(work.program, member, [bill for _, bill in mine]).decisions:
                row = row_of[decision.settlement.setl_id]
                found += [
                    (row, place[line.benefit], line.base, line.deductible_applied, line.excess, line.payable)
                    for line in decision.lines
                ]
        more = Lines(*np.array(found, np.int64).reshape(len(found), len(LINE_COLUMNS)).T)
        lines = Lines(*(np.concatenate((getattr(lines, name), getattr(more, name))) for name in LINE_COLUMNS))
        lines = lines.take(np.argsort(work.member_of[lines.row], kind="stable"))
    return lines, len(members)
