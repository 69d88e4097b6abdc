"""A year's account from its decisions, and what another plan would have paid on the same bills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from huimin.batch.columns import Decided
from huimin.batch.rows import Flags, Integers, Rows
from huimin.batch.work import Lines
from huimin.money import share_out
from huimin.settlement.member import completed_years
from huimin.settlement.reading import parse_day
from huimin.terms.model import Plan
from huimin.terms.pool import PoolShares

__all__ = ["AREA", "AccountLine", "ChangeLine", "account_lines", "change_lines", "shares_of"]

AREA = "area"
"""The members' column that names their area; one area without a name where there is none."""
_BAND = 10
_OLDEST_BAND = 90


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What one benefit paid in one area, borne by one insurer (none: all together). Fen."""

    benefit: str
    area: str
    insurer: str
    bills: int
    members: int
    payable: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Members of a group under two plans. `by` is plan, benefit, age or area. Fen."""

    by: str
    value: str
    members_more: int
    members_less: int
    before: int
    after: int


def shares_of(plan: Plan, benefit: str, day: date) -> dict[str, int]:
    """Basis points by insurer for a benefit on a day: those that name it before those of all, the latest first."""
    pool = plan.pool.shares if plan.pool is not None else ()
    begun = [
        shares for shares in pool if shares.from_day <= day and (not shares.benefits or benefit in shares.benefits)
    ]
    if not begun:
        return {}
    latest: PoolShares = max(begun, key=lambda shares: (bool(shares.benefits), shares.from_day))
    return {share.insurer: share.percent for share in latest.share}


def account_lines(plan: Plan, names: Sequence[str], members: Rows, decided: Decided) -> Iterator[AccountLine]:
    """One line for each benefit and area, then one for each insurer of the pool on the last day of cover.

    An insurer's part is its share of the line's sum, by largest remainder, so that the parts add up to it. `names` are
    the program's benefits.
    """
    lines = decided.lines
    member = decided.member_of[lines.row]
    area_of, areas = members.texts(AREA)
    area = area_of[member]
    for place, name in enumerate(names):
        shares = shares_of(plan, name, plan.cover.last_day)
        for code in sorted(range(len(areas)), key=lambda code: areas[code]):
            mine = (lines.benefit == place) & (area == code) & (lines.payable > 0)
            payable = int(lines.payable[mine].sum())
            bills, people = int(mine.sum()), len(np.unique(member[mine]))
            yield AccountLine(name, areas[code], "", bills, people, payable)
            parts = share_out(payable, shares, {one: f"{name}/{areas[code]}/{one}" for one in shares}) if shares else {}
            yield from (AccountLine(name, areas[code], one, bills, people, part) for one, part in parts.items())


def change_lines(
    first_day: date,
    before: tuple[Sequence[str], Lines],
    after: tuple[Sequence[str], Lines],
    members: Rows,
    member_of: Integers,
) -> Iterator[ChangeLine]:
    """Who would be paid more or less: all, by benefit (of both plans), by age in tens on `first_day`, by area.

    `before` and `after` are each the program's benefits by id, and its lines on the same settlements. `member_of` is
    the row of each settlement's member.
    """
    count = len(members)
    totals = [_by_member(lines, member_of, count) for _, lines in (before, after)]
    everybody = np.ones(count, np.bool_)
    yield _change("plan", "", totals[0], totals[1], everybody)
    for name in dict.fromkeys((*before[0], *after[0])):
        old, new = (_by_member(_of_benefit(lines, names, name), member_of, count) for names, lines in (before, after))
        yield _change("benefit", name, old, new, everybody)
    for label, which in _age_bands(members, first_day):
        yield _change("age", label, totals[0], totals[1], which)
    codes, areas = members.texts(AREA)
    for code in sorted(range(len(areas)), key=lambda code: areas[code]) if areas != [""] else ():
        yield _change("area", areas[code], totals[0], totals[1], codes == code)


def _change(by: str, value: str, before: Integers, after: Integers, which: Flags) -> ChangeLine:
    old, new = before[which], after[which]
    return ChangeLine(by, value, int((new > old).sum()), int((new < old).sum()), int(old.sum()), int(new.sum()))


def _by_member(lines: Lines, member_of: Integers, count: int) -> Integers:
    paid = np.zeros(count, np.int64)
    np.add.at(paid, member_of[lines.row], lines.payable)
    return paid


def _of_benefit(lines: Lines, names: Sequence[str], name: str) -> Lines:
    place = list(names).index(name) if name in names else -1
    return lines.take(np.flatnonzero(lines.benefit == place))


def _age_bands(members: Rows, first_day: date) -> Iterator[tuple[str, Flags]]:
    """Tens of completed years, the last open; those whose birth date is not known last."""
    codes, days = members.parsed("birth_date", parse_day)
    ages = [-1 if day is None else completed_years(day, first_day) for day in days]
    age = np.array(ages, np.int64)[codes]
    for low in range(0, _OLDEST_BAND + 1, _BAND):
        which = (age >= low) & ((age < low + _BAND) | (low == _OLDEST_BAND))
        if which.any():
            yield f"{low}-{low + _BAND - 1}" if low < _OLDEST_BAND else f"{low}+", which
    if (age < 0).any():
        yield "unknown", age < 0
