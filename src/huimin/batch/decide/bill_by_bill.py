"""Decides a small file's bills with the evaluator, with the same results as the job by column."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from huimin.adjudication import NOT_COVERED, Decision, Program, adjudicate
from huimin.adjudication.decisions import BenefitDecision, DecisionLine
from huimin.adjudication.listed_items import items_on
from huimin.batch.decide.result_rows import refusal_row
from huimin.batch.decide.standing import resolve_places
from huimin.batch.decide.strangers import unknown_member
from huimin.batch.decide.sums import LARGEST_YEAR, Sums
from huimin.errors import Refusal
from huimin.settlement import Settlement
from huimin.settlement.reading import (
    LONGEST_ID,
    members_from_rows,
    missing_id,
    normal_row,
    settlement_from_row,
)

__all__ = ["DecidedBills", "DecidedLine", "TextRow", "decide_bill_by_bill"]

TextRow = Mapping[str, str]
"""A row of a file as texts by column, amounts in yuan."""


DecidedLine: TypeAlias = tuple[int, Settlement, BenefitDecision | DecisionLine]
"""A line of a decision, with the place of its bill in the file, and the bill."""


@dataclass(slots=True)
class DecidedBills:
    """`lines` by member's number, in the order of each member's year.

    `refused` and `undecided` (the rows of undecided.csv) are sorted.
    """

    lines: list[DecidedLine] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    undecided: list[tuple[str, ...]] = field(default_factory=list)
    sums: Sums = field(default_factory=Sums)
    beyond: bool = False
    """Whether some year's sums are so large that the job by column would report it."""


def decide_bill_by_bill(
    program: Program, members: Sequence[TextRow], bills: Sequence[TextRow], where: Callable[[int], str]
) -> DecidedBills:
    """Decide all bills of a file. `where` names the place of a row for messages, such as its line."""
    found = DecidedBills()
    facts = []
    for place, row in enumerate(bills):
        settlement = settlement_from_row(row)
        if 0 < len(settlement.setl_id) <= LONGEST_ID:
            facts.append((place, settlement))
        else:
            found.refused.append(missing_id(where(place), settlement.setl_id))
    resolution, places = resolve_places(facts)
    found.refused += resolution.refused
    found.sums.cancelled = len(resolution.cancelled)
    years = defaultdict(list)
    for place, settlement in zip(places, resolution.active, strict=True):
        years[settlement.psn_no].append((place, settlement))
    people = _People(members, years)
    for psn_no in sorted(years):
        _decide_year(program, people, psn_no, years[psn_no], found)
    _finish(program, found)
    return found


class _People:
    """The members who have bills. `first` has each one's first row in the file."""

    def __init__(self, rows: Iterable[TextRow], wanted: Mapping[str, object]) -> None:
        mine = [row for row in map(normal_row, rows) if row["psn_no"] in wanted]
        self.first: dict[str, TextRow] = {}
        for row in mine:
            self.first.setdefault(row["psn_no"], row)
        self.read = members_from_rows(mine)

    def fault_of(self, settlement: Settlement) -> Refusal | None:
        """Why a bill cannot be decided, whatever the plan says: its member is not there, or is faulty."""
        setl_id, psn_no = settlement.setl_id, settlement.psn_no
        if psn_no not in self.first:
            return settlement.fault or unknown_member(setl_id, psn_no)
        fault = self.read.faulty.get(psn_no)
        return None if fault is None else Refusal(setl_id, "faulty_member", fault)

    def has_payments_before(self, psn_no: str) -> bool:
        return self.first[psn_no].get("paid_before", "") not in ("", "0")


def _decide_year(
    program: Program, people: _People, psn_no: str, bills: list[tuple[int, Settlement]], found: DecidedBills
) -> None:
    faults = [fault for _, settlement in bills if (fault := people.fault_of(settlement)) is not None]
    if faults:
        found.refused += faults
        return
    place_of = {settlement.setl_id: place for place, settlement in bills}
    year = adjudicate(program, people.read.members[psn_no], [settlement for _, settlement in bills])
    found.refused += year.refused
    for decision in year.decisions:
        settlement = decision.settlement
        place = place_of[settlement.setl_id]
        lines = decision.benefits if decision.covered else decision.lines
        found.lines += [(place, settlement, line) for line in lines]
        found.undecided += [(settlement.setl_id, psn_no, one.benefit, one.term, one.why) for one in decision.undecided]
        found.beyond |= any(one.excess_before + one.excess > LARGEST_YEAR for one in decision.benefits)
    found.sums.adjudicated += year.adjudicated
    found.sums.undecided += len(year.undecided)
    if year.decisions and (people.has_payments_before(psn_no) or _limited_items(program, year.decisions)):
        found.sums.one_by_one += 1


def _limited_items(program: Program, decisions: Iterable[Decision]) -> bool:
    """Whether some bill has items whose limits depend on what was bought before in the month or the year."""
    lists, benefits = dict(program.item_lists), {benefit.id: benefit for benefit in program.benefits}
    for decision in decisions:
        if not decision.settlement.care.items:
            continue
        concerned = [*(one.benefit for one in decision.benefits), *(one.benefit for one in decision.undecided)]
        for name in concerned:
            items = lists.get(benefits[name].items_on or "")
            listed = items_on(items, decision.settlement) if items else []
            if any(item.month_limit is not None or item.year_limit is not None for item, _ in listed):
                return True
    return False


def _finish(program: Program, found: DecidedBills) -> None:
    """Sort what is to be sorted, and compute the sums."""
    found.refused.sort(key=refusal_row)
    found.undecided.sort()
    sums = found.sums
    sums.refused = Counter(refusal.code for refusal in found.refused)
    sums.payable = {("payable", benefit.id): [0, 0] for benefit in program.benefits}
    for _, _, line in found.lines:
        if line.benefit == NOT_COVERED:
            sums.not_covered += 1
        else:
            tally = sums.payable["payable", line.benefit]
            tally[0] += line.payable
            tally[1] += 1
    terms = Counter((benefit, f"{term}: {why}") for _, _, benefit, term, why in found.undecided)
    sums.unknown = {key: [bills] for key, bills in terms.items()}
