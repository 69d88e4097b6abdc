"""A year's account from its decisions, and a comparison with what another plan would have paid on the same bills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from huimin.batch.decide.by_column import Decided
from huimin.batch.decide.rows_in_use import Lines
from huimin.batch.decide.sums import Tally
from huimin.batch.table.fact_columns import ages_of
from huimin.batch.table.rows import Flags, Integers, Rows
from huimin.money import share_out
from huimin.terms.model import Plan
from huimin.terms.pool import PoolShares

__all__ = [
    "AREA",
    "AccountLine",
    "ChangeLine",
    "Paid",
    "account_lines",
    "account_tally",
    "change_lines",
    "change_tally",
    "paid_by_member",
    "shares_of",
]

AREA = "area"
"""The members' column that names their area. Without the column there is one area without a name."""
_BAND = 10
_OLDEST_BAND = 90


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What one benefit paid in one area, in fen, and the part of one insurer (without an insurer: of all together).

    `undecided` is the number of the area's bills on which the benefit is undecided.
    """

    benefit: str
    area: str
    insurer: str
    bills: int
    members: int
    payable: int
    undecided: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A group of members under two plans. `by` is plan, benefit, age or area. Amounts in fen.

    `undecided_before` and `undecided_after` are the numbers of their undecided bills under each plan (for a benefit: of
    the bills on which it is undecided). What these will pay is in neither sum.
    """

    by: str
    value: str
    members_more: int
    members_less: int
    before: int
    after: int
    undecided_before: int
    undecided_after: int


@dataclass(frozen=True, slots=True)
class Paid:
    """By benefit, the fen paid to each member and the number of each member's bills on which it is undecided.
    `undecided` counts each member's undecided bills.
    """

    fen: Mapping[str, Integers]
    bills: Mapping[str, Integers]
    undecided: Integers

    @classmethod
    def of(cls, names: Sequence[str], decided: Decided, members: int) -> Paid:
        fen = paid_by_member(decided.lines, decided.member_of, len(names), members)
        *bills, undecided = decided.undecided.by_member(decided.member_of, names, members)
        return cls(dict(zip(names, fen, strict=True)), dict(zip(names, bills, strict=True)), undecided)


def shares_of(plan: Plan, benefit: str, day: date) -> dict[str, int]:
    """Basis points by insurer for a benefit on a day. Shares that name the benefit come before those for all; the
    newest that has begun counts.
    """
    pool = plan.pool.shares if plan.pool is not None else ()
    begun = [
        shares for shares in pool if shares.from_day <= day and (not shares.benefits or benefit in shares.benefits)
    ]
    if not begun:
        return {}
    latest: PoolShares = max(begun, key=lambda shares: (bool(shares.benefits), shares.from_day))
    return {share.insurer: share.basis_points for share in latest.share}


def account_tally(names: Sequence[str], members: Rows, decided: Decided) -> Tally:
    """[bills paid, members paid, fen paid, bills undecided] by benefit and area. `names` are the program's benefits."""
    lines = decided.lines
    member = decided.member_of[lines.row]
    area_of, areas = members.texts(AREA)
    area = area_of[member]
    tally: Tally = {}
    undecided = decided.undecided.by_member(decided.member_of, names, len(members))
    for place, name in enumerate(names):
        for code, label in enumerate(areas):
            mine = (lines.benefit == place) & (area == code) & (lines.payable > 0)
            people = len(np.unique(member[mine]))
            lacking = int(undecided[place][area_of == code].sum())
            tally[name, label] = [int(mine.sum()), people, int(lines.payable[mine].sum()), lacking]
    return tally


def account_lines(plan: Plan, names: Sequence[str], tally: Tally) -> Iterator[AccountLine]:
    """One line for each benefit and area, then one for each insurer of the pool on the last day of cover.

    An insurer's part is its share of the line's sum, by largest remainder, so that the parts add up to it.
    """
    for name in names:
        shares = shares_of(plan, name, plan.cover.last_day)
        for area in sorted({area for _, area in tally}):
            bills, people, payable, undecided = tally.get((name, area), [0, 0, 0, 0])
            yield AccountLine(name, area, "", bills, people, payable, undecided)
            parts = share_out(payable, shares, {one: f"{name}/{area}/{one}" for one in shares}) if shares else {}
            yield from (AccountLine(name, area, one, bills, people, part, undecided) for one, part in parts.items())


def paid_by_member(lines: Lines, member_of: Integers, benefits: int, members: int) -> Integers:
    """Fen paid by benefit and member: one row for each benefit. `member_of` is the row of each bill's member."""
    paid = np.zeros((benefits + 1, members), np.int64)  # the last is for bills to which no benefit applies
    np.add.at(paid, (lines.benefit, member_of[lines.row]), lines.payable)
    return paid[:benefits]


def change_tally(first_day: date, before: Paid, after: Paid, members: Rows) -> Tally:
    """[members paid more, less, fen before, after, bills undecided before, after].

    For all members together, by benefit (of both plans), by age in tens on `first_day`, and by area.
    """
    nothing = np.zeros(len(members), np.int64)
    totals = [sum(paid.fen.values(), start=nothing) for paid in (before, after)]
    totals += [before.undecided, after.undecided]
    tally = {("plan", ""): _change(*totals)}
    for name in dict.fromkeys((*before.fen, *after.fen, *before.bills, *after.bills)):
        given = (before.fen, after.fen, before.bills, after.bills)
        tally["benefit", name] = _change(*(of.get(name, nothing) for of in given))
    for label, which in _age_bands(members, first_day):
        tally["age", label] = _change(*(total[which] for total in totals))
    codes, areas = members.texts(AREA)
    for code, label in enumerate(areas):
        which = codes == code
        if which.any():
            tally["area", label] = _change(*(total[which] for total in totals))
    return tally


def change_lines(tally: Tally) -> list[ChangeLine]:
    """Lines for the plan, its benefits, ages from the youngest, and areas by name if there are names."""
    lines = [ChangeLine(by, value, *found) for (by, value), found in tally.items()]
    areas = sorted((line for line in lines if line.by == "area"), key=lambda line: line.value)
    ages = sorted((line for line in lines if line.by == "age"), key=lambda line: _AGES.index(line.value))
    others = [line for line in lines if line.by in ("plan", "benefit")]
    return [*others, *ages, *(areas if [line.value for line in areas] != [""] else [])]


def _change(old: Integers, new: Integers, lacking_old: Integers, lacking_new: Integers) -> list[int]:
    sums = (int(one.sum()) for one in (old, new, lacking_old, lacking_new))
    return [int((new > old).sum()), int((new < old).sum()), *sums]


_AGES = [*(f"{low}-{low + _BAND - 1}" for low in range(0, _OLDEST_BAND, _BAND)), f"{_OLDEST_BAND}+", "unknown"]


def _age_bands(members: Rows, first_day: date) -> Iterator[tuple[str, Flags]]:
    """Bands of ten completed years, the oldest without an end; members whose birth date is not known come last."""
    age, known = ages_of(members, first_day), len(_AGES) - 2
    band = np.where(age < 0, len(_AGES) - 1, np.minimum(age // _BAND, known))
    for place, label in enumerate(_AGES):
        which = band == place
        if which.any():
            yield label, which
