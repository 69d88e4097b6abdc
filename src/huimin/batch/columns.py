"""A year's bills decided by column: as exact as the evaluator, which decides what a column cannot.

Rows are put aside one reason at a time, each refused by the same function that refuses a single bill; what remains is
ordered and given to the kernel. Members whose year depends on what no column holds are decided by the evaluator.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from huimin.adjudication.evaluate import adjudicate
from huimin.adjudication.facts import UnknownFactError
from huimin.adjudication.holding import listed_items, refused_by_plan, refused_for_missing
from huimin.adjudication.listed_items import counted_cost
from huimin.adjudication.program import Program
from huimin.batch.cases import Case, Cases, cases_of, member_classes
from huimin.batch.facts import Members, Settlements
from huimin.batch.kernel import decide_members
from huimin.batch.plan_arrays import PlanArrays, plan_arrays
from huimin.batch.rows import Flags, Integers, Rows, days_since_epoch
from huimin.errors import Refusal
from huimin.settlement import IDENTITIES, Member, Settlement, check_amounts, resolve
from huimin.settlement.record import OTHER_PAYERS, QUANTITIES

__all__ = ["Decided", "decide_columns"]

_ABSENT_IS_ZERO = frozenset(OTHER_PAYERS)
_MONTHS = 12


@dataclass(slots=True)
class Lines:
    """Decisions: the row of the bill, the place of the benefit in the program, and fen. All of one length."""

    row: Integers
    benefit: Integers
    base: Integers
    deductible_applied: Integers
    excess: Integers
    payable: Integers

    def take(self, places: Integers) -> Lines:
        return Lines(*(getattr(self, name)[places] for name in LINE_COLUMNS))


LINE_COLUMNS = ("row", "benefit", "base", "deductible_applied", "excess", "payable")


@dataclass(slots=True)
class Decided:
    """Rows read = adjudicated + cancelled + refused. `lines` by member, in the order of each member's year."""

    lines: Lines
    adjudicated: int
    cancelled: int
    refused: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class _Work:
    """What is being decided: rows in `use` have not been put aside."""

    program: Program
    members: Members
    bills: Settlements
    member_of: Integers
    use: Flags
    day: Integers
    refused: list[Refusal]
    cancelled: int = 0

    def put_aside(self, which: Flags, refuse: object) -> None:
        """Refuse the rows of `which` that are in use; `refuse(row)` says why, or None where the row may stay."""
        for row in np.flatnonzero(which & self.use):
            refusal = refuse(int(row))  # type: ignore[operator]
            if refusal is not None:
                self.refused.append(refusal)
                self.use[row] = False

    def objects(self, row: int) -> tuple[Member, Settlement]:
        return self.members.member(int(self.member_of[row])), self.bills.settlement(row)


def decide_columns(program: Program, members: Rows, settlements: Rows, *, threads: int = 1) -> Decided:
    """Decide every settlement. The rows of `settlements` must be all those of their members."""
    people, bills = Members(members), Settlements(settlements)
    work = _Work(
        program,
        people,
        bills,
        people.places_of(bills.psn_no),
        np.ones(len(bills), np.bool_),
        bills.day(program.bill_date),
        [],
    )
    _resolve(work)
    _refuse_strangers(work)
    _refuse_amounts(work)
    _refuse_days(work)
    classes = member_classes(program, members)
    cases = cases_of(
        program, members, classes, settlements, work.member_of, work.day, people.cover_from, work.use, work.objects
    )
    held = np.array([case.applying is None for case in cases.cases], np.bool_)
    of_row = cases.of_row
    work.put_aside(_of_cases(held, of_row), lambda row: cases.cases[of_row[row]].refusal(bills.ids[row].as_py()))
    _refuse_missing(work, cases)
    listed, exact = _listed_costs(work, cases)
    exact |= _with_payments_before(work)
    return _decide(work, cases, listed, exact, threads)


def _of_cases(which: Flags, of_row: Integers) -> Flags:
    """The rows whose case is one of `which`."""
    return np.append(which, False)[of_row]


def _resolve(work: _Work) -> None:
    """Repeats, conflicts and reversals, by the same function that resolves a member's rows."""
    bills = work.bills
    for row in np.flatnonzero(bills.unusable):
        setl_id = bills.ids[row].as_py()[:60]
        reason = f"line {row + 2}: expected setl_id with 1 to 60 characters"
        work.refused.append(Refusal(setl_id, "missing_id", reason))
    work.use &= ~bills.unusable
    places: dict[str, int] = {}
    facts = []
    for row in np.flatnonzero(bills.entangled):
        fact = bills.settlement(int(row))
        places.setdefault(fact.setl_id, int(row))
        facts.append(fact)
        work.use[row] = False
    resolution = resolve(facts)
    for fact in resolution.active:
        work.use[places[fact.setl_id]] = True
    work.cancelled = len(resolution.cancelled)
    work.refused += resolution.refused


def _refuse_strangers(work: _Work) -> None:
    """Bills of nobody, and of members whose facts are faulty."""
    bills, members = work.bills, work.members
    faulty = np.zeros(len(members.rows) + 1, np.bool_)
    faulty[list(members.faulty)] = True

    def refuse(row: int) -> Refusal:
        setl_id = bills.ids[row].as_py()
        place = int(work.member_of[row])
        if place >= 0:
            return Refusal(setl_id, "faulty_member", members.faulty[place])
        reason = f"the members file has no psn_no {bills.psn_no[row].as_py()!r}"
        return bills.settlement(row).fault or Refusal(setl_id, "unknown_member", reason)

    work.put_aside((work.member_of < 0) | faulty[work.member_of], refuse)


def _refuse_amounts(work: _Work) -> None:
    """Rows that cannot be read, negative amounts, and sums that do not hold."""
    bills = work.bills
    suspect = bills.odd.copy()
    for values, _ in bills.amounts.values():
        suspect |= values < 0
    for identity in IDENTITIES:
        whole, missing = bills.quantity([(1, identity.whole)], frozenset())
        parts, without = bills.quantity([(1, name) for name in identity.parts], frozenset())
        others, _ = bills.quantity([(1, name) for name in identity.optional], frozenset(identity.optional))
        suspect |= ~missing & ~without & (whole != parts + others)
    work.put_aside(suspect, lambda row: check_amounts(bills.settlement(row)))


def _refuse_days(work: _Work) -> None:
    """Outside the cover, without a day or a care setting, or in a setting whose terms are not known."""
    program, members, of = work.program, work.members, work.member_of
    first, last = days_since_epoch(program.cover_from), days_since_epoch(program.cover_to)
    suspect = (work.day < first) | (work.day > last)
    suspect |= (work.day < members.cover_from[of]) | (work.day > members.cover_to[of])
    codes, texts = work.bills.rows.texts("med_type")
    undecided = {code for benefit in program.benefits for code in benefit.undecided_med_types}
    suspect |= np.array([text == "" or text in undecided for text in texts], np.bool_)[codes]
    work.put_aside(suspect, lambda row: refused_by_plan(program, *work.objects(row)))


def _refuse_missing(work: _Work, cases: Cases) -> None:
    """Rows in which something is missing that a benefit of their case needs."""
    lists = dict(work.program.item_lists)
    suspect = np.zeros(len(work.use), np.bool_)
    codes, texts = work.bills.rows.texts("items")
    without_items = np.array([text == "" for text in texts], np.bool_)[codes]
    without_days = (work.bills.admission < 0) | (work.bills.discharge < work.bills.admission)
    applied = [{one.benefit.id for one in case.applying.benefits} if case.applying else set() for case in cases.cases]
    for benefit in work.program.benefits:
        mine = _of_cases(np.array([benefit.id in ids for ids in applied], np.bool_), cases.of_row)
        if benefit.items_on is not None and lists[benefit.items_on] is not None:
            suspect |= mine & without_items
        if benefit.allowance is not None and benefit.allowance.per == "day":
            suspect |= mine & without_days
        for name in benefit.needed:
            suspect |= mine & work.bills.quantity(QUANTITIES[name], _ABSENT_IS_ZERO)[1]

    def refuse(row: int) -> Refusal | None:
        applying = cases.cases[cases.of_row[row]].applying
        return None if applying is None else refused_for_missing(work.bills.settlement(row), applying, lists)

    work.put_aside(suspect, refuse)


def _listed_costs(work: _Work, cases: Cases) -> tuple[dict[str, Integers], Flags]:
    """By list the cost of each row's listed items; and the members for whom it depends on the year so far."""
    lists = dict(work.program.item_lists)
    costs = {name: np.zeros(len(work.use), np.int64) for name, items in lists.items() if items is not None}
    exact = np.zeros(len(work.members.rows) + 1, np.bool_)
    if not costs:
        return costs, exact
    codes, texts = work.bills.rows.texts("items")
    with_items = np.array([text != "" for text in texts], np.bool_)[codes]
    asks = np.array([_asks_for_items(case) for case in cases.cases], np.bool_)

    def count(row: int) -> Refusal | None:
        settlement = work.bills.settlement(row)
        applying = cases.cases[cases.of_row[row]].applying
        assert applying is not None, "cases that are held were put aside"  # noqa: S101
        try:
            found = listed_items(settlement, applying, lists)
        except UnknownFactError as error:
            return Case(None, error.fact).refusal(settlement.setl_id)
        for name, items in found.items():
            if any(item.month_limit is not None or item.year_limit is not None for item, _ in items):
                exact[work.member_of[row]] = True
            costs[name][row] = counted_cost(name, items, settlement, {})
        return None

    work.put_aside(with_items & _of_cases(asks, cases.of_row), count)
    return costs, exact


def _asks_for_items(case: Case) -> bool:
    return case.applying is not None and any(one.benefit.items_on is not None for one in case.applying.benefits)


def _with_payments_before(work: _Work) -> Flags:
    """Members of whom limits for life have paid something in earlier years."""
    codes, texts = work.members.rows.texts("paid_before")
    found = np.array([text not in ("", "0") for text in texts], np.bool_)[codes]
    return np.append(found, False)


def _decide(work: _Work, cases: Cases, listed: dict[str, Integers], exact: Flags, threads: int) -> Decided:
    rows = np.flatnonzero(work.use & ~exact[work.member_of])
    rows = rows[_order(work, rows)]
    arrays = plan_arrays(work.program, cases.cases)
    lines, overflow = _run_kernel(work, arrays, cases.of_row, listed, rows, threads)
    if overflow.size:
        exact[overflow] = True
        lines = lines.take(np.flatnonzero(~exact[work.member_of[lines.row]]))
    lines = _with_exact(work, lines, exact)
    return Decided(lines, int(work.use.sum()), work.cancelled, sorted(work.refused, key=_refusal_order))


def _refusal_order(refusal: Refusal) -> tuple[str, str, str]:
    return refusal.setl_id, refusal.code, refusal.reason


def _order(work: _Work, rows: Integers) -> Integers:
    """By member, time and, where two bills have one time, by id as text."""
    member, time = work.members.rank[work.member_of[rows]], work.bills.time[rows]
    order = np.lexsort((time, member))
    member, time = member[order], time[order]
    same = (member[1:] == member[:-1]) & (time[1:] == time[:-1])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if tied.size:
        names = [work.bills.ids[int(row)].as_py() for row in rows[order[tied]]]
        keys = sorted(range(len(tied)), key=lambda n: (member[tied[n]], time[tied[n]], names[n]))
        order[tied] = order[tied[keys]]
    return order


def _run_kernel(
    work: _Work, arrays: PlanArrays, of_row: Integers, listed: dict[str, Integers], rows: Integers, threads: int
) -> tuple[Lines, Integers]:
    """The lines of `rows`, which are in order; and the members whose sums are too large for it."""
    bills, program = work.bills, work.program
    case = of_row[rows]
    counts = np.array([len(places) for places in arrays.benefits], np.int64)[case] if len(rows) else rows
    out_start = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    size = int(out_start[-1])
    results = [np.zeros(size, np.int64) for _ in range(4)]
    first = days_since_epoch(program.cover_from)
    personal = bills.quantity(QUANTITIES["personal"], _ABSENT_IS_ZERO)[0]
    for name in program.payers_before:
        personal = personal - bills.quantity(QUANTITIES[name], _ABSENT_IS_ZERO)[0]
    member = work.member_of[rows]
    starts = np.flatnonzero(np.append(True, member[1:] != member[:-1])) if len(rows) else np.zeros(0, np.int64)
    member_start = np.append(starts, len(rows)).astype(np.int64)
    overflow = np.zeros(len(starts), np.bool_)
    arguments = (
        case,
        work.day[rows] - first,
        _months(work.day[rows], program),
        (bills.discharge - bills.admission)[rows],
        personal[rows],
        _matrix([bills.quantity(QUANTITIES[name], _ABSENT_IS_ZERO)[0][rows] for name in arrays.quantities], len(rows)),
        _matrix([listed.get(name, np.zeros(len(work.use), np.int64))[rows] for name in arrays.lists], len(rows)),
        out_start,
        *results,
    )
    bounds = np.linspace(0, len(starts), threads + 1).astype(int)

    run: Any = decide_members

    def part(index: int) -> None:
        low, high = int(bounds[index]), int(bounds[index + 1])
        run(arrays.terms, member_start[low : high + 1], *arguments, overflow[low:high])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, range(threads)))
    benefit = np.concatenate([np.zeros(0, np.int64), *(np.array(p, np.int64) for p in arrays.benefits)])
    case_offset = np.concatenate(([0], np.cumsum([len(places) for places in arrays.benefits]))).astype(np.int64)
    inside = np.arange(size) - np.repeat(out_start[:-1], counts)
    lines = Lines(np.repeat(rows, counts), benefit[np.repeat(case_offset[case], counts) + inside], *results)
    return lines, member[starts[overflow]]


def _matrix(columns: list[Integers], length: int) -> Integers:
    return np.stack(columns) if columns else np.zeros((0, length), np.int64)


def _months(day: Integers, program: Program) -> Integers:
    """Calendar months since that in which the cover begins."""
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months - ((program.cover_from.year - 1970) * _MONTHS + program.cover_from.month - 1)


def _with_exact(work: _Work, lines: Lines, exact: Flags) -> Lines:
    """The lines of all members, those of `exact` decided by the evaluator."""
    rows = np.flatnonzero(work.use & exact[work.member_of])
    if rows.size:
        place = {benefit.id: n for n, benefit in enumerate(work.program.benefits)}
        found: list[tuple[int, ...]] = []
        for member in np.unique(work.member_of[rows]):
            mine = rows[work.member_of[rows] == member]
            facts = {fact.setl_id: (int(row), fact) for row in mine for fact in [work.bills.settlement(int(row))]}
            year = adjudicate(work.program, work.members.member(int(member)), [fact for _, fact in facts.values()])
            for decision in year.decisions:
                row = facts[decision.settlement.setl_id][0]
                found += [
                    (row, place[line.benefit], line.base, line.deductible_applied, line.excess, line.payable)
                    for line in decision.benefits
                ]
        more = Lines(*np.array(found, np.int64).reshape(len(found), len(LINE_COLUMNS)).T)
        lines = Lines(*(np.concatenate((getattr(lines, name), getattr(more, name))) for name in LINE_COLUMNS))
        lines = lines.take(np.argsort(work.members.rank[work.member_of[lines.row]], kind="stable"))
    return lines
