"""What was paid, for whom and when, and what a basis would have expected for the same people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.history import History
from huimin.actuarial.unpriced import NotPriced, not_priced
from huimin.adjudication import Program
from huimin.batch.table.fact_columns import ages_of
from huimin.batch.table.rows import PLAIN, Flags, Integers, days_since_epoch, months_since
from huimin.errors import InputError

__all__ = ["AGES", "Claims", "Comparison", "claims_of", "compare"]

AGES = (18, 45, 60, 70)
"""First ages of the bands but the first: children, young adults, middle, young old, old."""
_FEN = 100.0
_OF_PAYMENTS = ("member", "benefit", "care_day", "month", "paid_on", "payable")


@dataclass(frozen=True)
class Claims:
    """One row a payment. Days since 1970; `month` of care counts from the cover's first; fen."""

    member: Integers
    benefit: Integers
    care_day: Integers
    month: Integers
    paid_on: Integers
    payable: Integers
    age_band: Integers
    """By member; −1 where the birth date is not known."""
    area: Integers
    """By member."""
    areas: tuple[str, ...]
    exposure: Amounts
    """By member: the part of the cover year from their first to their last day."""
    cover_from: Integers
    """By member, within the cover year; after `cover_to` where somebody is not covered in it at all."""
    cover_to: Integers
    premium: Integers | None
    """By member, fen; None where the file does not say what each paid."""
    payments_known: bool
    """Whether `paid_on` are days of payment; else they are the days of the bills."""
    undecided: int = 0
    """Bills on which some benefit is undecided: what it pays is in no payment."""
    left_out: tuple[NotPriced, ...] = ()
    """Benefits of which no payment, or not every one, is known."""

    @property
    def members(self) -> int:
        return len(self.exposure)

    def paid_by(self, day: int) -> Claims:
        """Only what was paid by the end of that day."""
        return self._only(self.paid_on <= day)

    def incurred_by(self, day: int) -> Claims:
        """Only what was decided on care that was given by the end of that day, paid or not."""
        return self._only(self.care_day <= day)

    def _only(self, kept: Flags) -> Claims:
        return replace(self, **{name: getattr(self, name)[kept] for name in _OF_PAYMENTS})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One group: members (years of cover), yuan paid and expected. `error`: standard error of what was paid."""

    by: str
    value: str
    members: float
    actual: float
    expected: float
    error: float

    @property
    def ratio(self) -> float | None:
        """Actual ÷ expected; None where nothing was expected."""
        return self.actual / self.expected if self.expected else None


def claims_of(program: Program, history: History, paid_on: Integers | None = None) -> Claims:
    """The claims of a history, which is decided here. `paid_on` by bill, in days since 1970; without it each bill is
    paid on its own day.

    Raises InputError (`paid_before_care`).
    """
    decided = history.decide(program)
    lines = decided.lines
    day = history.bills.day(program.bill_date)[lines.row]
    paid = day if paid_on is None else paid_on[lines.row]
    if (paid < day).any():
        at = int(np.argmax(paid < day))
        setl_id = history.bills.ids.text(int(lines.row[at]))
        message = (
            f"settlement {setl_id}: found a payment {day[at] - paid[at]} days before its care; expected one after it"
        )
        raise InputError(message, code="paid_before_care")
    members = history.members
    first, last = days_since_epoch(program.cover_from), days_since_epoch(program.cover_to)
    since, until = np.maximum(members.cover_from, first), np.minimum(members.cover_to, last)
    codes, texts = members.rows.texts("area")
    return Claims(
        decided.member_of[lines.row],
        lines.benefit,
        day,
        months_since(program.cover_from, day),
        paid,
        lines.payable,
        _age_bands(ages_of(members.rows, program.cover_from)),
        codes,
        tuple(texts),
        np.maximum(until - since + 1, 0) / (last - first + 1),
        since,
        until,
        _premium(history),
        paid_on is not None,
        len(decided.undecided),
        tuple(one for one in not_priced(program, decided) if one.term != "no_bills"),
    )


def _premium(history: History) -> Integers | None:
    """Fen by member. Raises InputError (`bad_premium`) where the file has the column and some cell is no amount."""
    rows = history.members.rows
    if not {"premium", "premium_fen"} & set(rows.names):
        return None
    fen, states = rows.fen("premium")
    if (states != PLAIN).any() or (fen < 0).any():
        at = int(np.argmax((states != PLAIN) | (fen < 0)))
        said = rows.text(at).get("premium", "")
        message = f"{rows.where(at)}: found the premium {said!r}; expected yuan, such as 158.00, for every member"
        raise InputError(message, code="bad_premium")
    return fen


def _age_bands(age: Integers) -> Integers:
    return np.where(age < 0, -1, np.searchsorted(np.array(AGES), age, "right"))


def compare(program: Program, actual: Claims, basis: Claims, portions: Amounts) -> list[Comparison]:
    """By benefit, age, area and month of care. The basis expects of each age band what it cost there a year of cover.

    `portions`: of a year's payments, what care of each month so far brings. Age is the only difference that the basis
    makes between people: what areas differ beside it is seen, not expected.
    """
    rates = _rates(program, basis)
    so_far = float(portions.sum())
    by_benefit = rates @ np.bincount(actual.age_band + 1, actual.exposure, len(AGES) + 2) * so_far
    expected = rates.sum(axis=0)[actual.age_band + 1] * actual.exposure
    names = [benefit.id for benefit in program.benefits]
    found = [_group("benefit", name, actual, actual.benefit == n, by_benefit[n]) for n, name in enumerate(names)]
    found += _by_member("age", actual, actual.age_band, _band_name, expected * so_far)
    areas = _by_member("area", actual, actual.area, lambda code: actual.areas[code] or "–", expected * so_far)
    found += sorted(areas, key=lambda one: one.value)
    for n, portion in enumerate(portions):
        found.append(_group("month", str(n + 1), actual, actual.month == n, float(expected.sum() * portion)))
    return found


def _rates(program: Program, basis: Claims) -> Amounts:
    """Yuan a year of cover, by benefit and age band (the first band: age not known, as for all)."""
    size = len(AGES) + 2
    cover = np.bincount(basis.age_band + 1, basis.exposure, size)
    place = basis.benefit * size + basis.age_band[basis.member] + 1
    paid = np.bincount(place, basis.payable / _FEN, len(program.benefits) * size).reshape(-1, size)
    overall = paid.sum(axis=1, keepdims=True) / max(basis.exposure.sum(), 1e-9)
    return np.asarray(np.where(cover > 0, paid / np.maximum(cover, 1e-9), overall), np.float64)


def _by_member(
    by: str, actual: Claims, code: Integers, name: Callable[[int], str], expected: Amounts
) -> list[Comparison]:
    found = []
    for value in np.unique(code).tolist():
        mine = code == value
        group = _group(by, name(value), actual, mine[actual.member], float(expected[mine].sum()))
        found.append(
            Comparison(by, group.value, float(actual.exposure[mine].sum()), group.actual, group.expected, group.error)
        )
    return found


def _group(by: str, value: str, actual: Claims, rows: Flags, expected: float) -> Comparison:
    """The error is that of a sum over members who are independent of each other."""
    paid = np.bincount(actual.member[rows], actual.payable[rows] / _FEN, 1)
    error = sqrt(float((paid**2).sum()))
    return Comparison(by, value, float(actual.exposure.sum()), float(paid.sum()), float(expected), error)


def _band_name(band: int) -> str:
    if band < 0:
        return "–"
    low = (0, *AGES)[band]
    return f"{low}+" if band == len(AGES) else f"{low}–{AGES[band] - 1}"
