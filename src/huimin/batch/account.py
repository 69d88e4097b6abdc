"""A year's account from its decisions, and what another plan would have paid on the same bills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from huimin.batch.columns import Decided
from huimin.batch.facts import ages_of
from huimin.batch.rows import Flags, Integers, Rows
from huimin.batch.work import Lines
from huimin.money import share_out
from huimin.terms.model import Plan
from huimin.terms.pool import PoolShares

__all__ = [
    "AREA",
    "AccountLine",
    "ChangeLine",
    "Tally",
    "account_lines",
    "account_tally",
    "added",
    "change_lines",
    "change_tally",
    "paid_by_member",
    "shares_of",
]

Tally: TypeAlias = dict[tuple[str, str], list[int]]
"""Sums of a group of members under two names; those of several groups add up."""

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


def account_tally(names: Sequence[str], members: Rows, decided: Decided) -> Tally:
    """[bills, members, fen] paid by benefit and area. `names` are the program's benefits."""
    lines = decided.lines
    member = decided.member_of[lines.row]
    area_of, areas = members.texts(AREA)
    area = area_of[member]
    tally: Tally = {}
    for place, name in enumerate(names):
        for code, label in enumerate(areas):
            mine = (lines.benefit == place) & (area == code) & (lines.payable > 0)
            people = len(np.unique(member[mine]))
            tally[name, label] = [int(mine.sum()), people, int(lines.payable[mine].sum())]
    return tally


def account_lines(plan: Plan, names: Sequence[str], tally: Tally) -> Iterator[AccountLine]:
    """One line for each benefit and area, then one for each insurer of the pool on the last day of cover.

    An insurer's part is its share of the line's sum, by largest remainder, so that the parts add up to it.
    """
    for name in names:
        shares = shares_of(plan, name, plan.cover.last_day)
        for area in sorted({area for _, area in tally}):
            bills, people, payable = tally.get((name, area), [0, 0, 0])
            yield AccountLine(name, area, "", bills, people, payable)
            parts = share_out(payable, shares, {one: f"{name}/{area}/{one}" for one in shares}) if shares else {}
            yield from (AccountLine(name, area, one, bills, people, part) for one, part in parts.items())


def paid_by_member(lines: Lines, member_of: Integers, benefits: int, members: int) -> Integers:
    """Fen paid by benefit and member: one row for each benefit. `member_of` is the row of each bill's member."""
    paid = np.zeros((benefits, members), np.int64)
    np.add.at(paid, (lines.benefit, member_of[lines.row]), lines.payable)
    return paid


def change_tally(
    first_day: date, before: Mapping[str, Integers], after: Mapping[str, Integers], members: Rows
) -> Tally:
    """[members paid more, less, fen before, after]: all, by benefit (of both plans), age in tens on `first_day`, area.

    `before` and `after` are what each benefit pays each member.
    """
    nothing = np.zeros(len(members), np.int64)
    totals = [sum(paid.values(), start=nothing) for paid in (before, after)]
    tally = {("plan", ""): _change(totals[0], totals[1])}
    for name in dict.fromkeys((*before, *after)):
        tally["benefit", name] = _change(before.get(name, nothing), after.get(name, nothing))
    for label, which in _age_bands(members, first_day):
        tally["age", label] = _change(totals[0][which], totals[1][which])
    codes, areas = members.texts(AREA)
    for code, label in enumerate(areas):
        which = codes == code
        if which.any():
            tally["area", label] = _change(totals[0][which], totals[1][which])
    return tally


def change_lines(tally: Tally) -> list[ChangeLine]:
    """The plan, its benefits, ages from the youngest and areas by name; no areas where none is named."""
    lines = [ChangeLine(by, value, *found) for (by, value), found in tally.items()]
    areas = sorted((line for line in lines if line.by == "area"), key=lambda line: line.value)
    ages = sorted((line for line in lines if line.by == "age"), key=lambda line: _AGES.index(line.value))
    others = [line for line in lines if line.by in ("plan", "benefit")]
    return [*others, *ages, *(areas if [line.value for line in areas] != [""] else [])]


def added(tallies: Iterable[Tally]) -> Tally:
    """The sums of several tallies, of members that are in one of them each."""
    total: Tally = {}
    for tally in tallies:
        for key, found in tally.items():
            total[key] = [one + other for one, other in zip(total.get(key, [0] * len(found)), found, strict=True)]
    return total


def _change(old: Integers, new: Integers) -> list[int]:
    return [int((new > old).sum()), int((new < old).sum()), int(old.sum()), int(new.sum())]


_AGES = [*(f"{low}-{low + _BAND - 1}" for low in range(0, _OLDEST_BAND, _BAND)), f"{_OLDEST_BAND}+", "unknown"]


def _age_bands(members: Rows, first_day: date) -> Iterator[tuple[str, Flags]]:
    """Tens of completed years, the last open; those whose birth date is not known last."""
    age, known = ages_of(members, first_day), len(_AGES) - 2
    band = np.where(age < 0, len(_AGES) - 1, np.minimum(age // _BAND, known))
    for place, label in enumerate(_AGES):
        which = band == place
        if which.any():
            yield label, which
