"""A review of a cover year as of a day of valuation.

huimin.actuarial.ratios says what written, earned, decided and paid mean, and their ratios.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.bridge import Bridge, Step, bridge
from huimin.actuarial.lookback.experience import Claims, Comparison, compare
from huimin.actuarial.ratios import decided_ratio, earned_premium, paid_ratio, payout_ratio, written_premium
from huimin.actuarial.reserving import ChainLadder, Reserve, bornhuetter_ferguson, chain_ladder, expected_loss
from huimin.actuarial.triangles import Triangle
from huimin.actuarial.unpriced import NotPriced
from huimin.adjudication import Program
from huimin.batch.table.rows import date_of, days_since_epoch, months_since
from huimin.errors import InputError

__all__ = ["Lookback", "Valuation", "look_back"]

_FEN = 100
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Valuation:
    """`day`: the last whose bills and payments are known. `expenses`: share of the premium.

    `premium`: fen that each member's policy cost; None where the members' file says what each cost.
    """

    day: date
    premium: int | None = None
    expenses: float = 0.0


@dataclass(frozen=True)
class Lookback:
    """Amounts are yuan unless said otherwise; `written` to `outstanding` are fen. `paid` is None if no payments are
    known: the reserve then takes each bill as paid on its own day. If `reserves` is empty `too_thin` says why.

    `outstanding` is the change in outstanding since nothing was covered: what is still to be paid for care so far,
    reported or not, by Bornhuetter–Ferguson. `bridge` leads to it from the month before, in fen.
    """

    plan: str
    valuation: Valuation
    members: int
    cover_years: float
    written: int
    earned: int
    decided: int
    paid: int | None
    outstanding: int
    too_thin: str
    triangle: Triangle | None
    ladder: ChainLadder | None
    reserves: tuple[Reserve, ...]
    bridge: Bridge | None
    comparisons: tuple[Comparison, ...]
    future_claims: int
    digests: tuple[tuple[str, str], ...]
    undecided: int = 0
    """Bills of the year on which some benefit is undecided."""
    left_out: tuple[NotPriced, ...] = ()
    """Benefits that are not or not wholly included in the figures."""

    @property
    def decided_ratio(self) -> float:
        """理算赔付率."""
        return float(decided_ratio(self.decided, self.written))

    @property
    def paid_ratio(self) -> float | None:
        """已付赔付率; None where no payments are known."""
        return None if self.paid is None else float(paid_ratio(self.paid, self.written))

    @property
    def payout_ratio(self) -> float | None:
        """The official one (赔付率); None where there is no reserve to go into it."""
        settled = self.decided if self.paid is None else self.paid
        return None if self.too_thin else float(payout_ratio(settled, self.outstanding, self.earned))

    @property
    def unearned(self) -> int:
        return self.written - self.earned

    @property
    def deficiency(self) -> int:
        """Premium deficiency: max(0, future claims + their expenses − unearned premium), fen."""
        expenses = round(self.unearned * self.valuation.expenses)
        return max(0, self.future_claims + expenses - self.unearned)


def look_back(
    program: Program, actual: Claims, basis: Claims, valuation: Valuation, digests: tuple[tuple[str, str], ...] = ()
) -> Lookback:
    """`actual` is the year, `basis` what it was priced on. Raises InputError (`bad_valuation`, `empty_history`)."""
    _refuse_before_cover(program, valuation.day)
    day = days_since_epoch(valuation.day)
    known, incurred = actual.paid_by(day), actual.incurred_by(day)
    years = float(actual.exposure.sum())
    covers = _covers(actual, valuation)
    written = written_premium(fen for _, _, fen in covers)
    if years <= 0 or written <= 0:
        message = f"found {years:g} years of cover at {written} fen together; expected some, at prices above 0"
        raise InputError(message, code="empty_history")
    season = _season(basis)
    portions = season[: _months(program, valuation.day)] * _begun(program, valuation.day)
    comparisons = compare(program, incurred, basis, portions)
    expected_year = sum(one.expected for one in comparisons if one.by == "benefit") / max(float(portions.sum()), 1e-9)
    by_month = expected_year * season
    by_month[: len(portions)] = expected_year * portions
    estimate = _estimate(program, known, valuation.day, by_month)
    without = {one.benefit for one in actual.left_out if not one.partly}
    return Lookback(
        plan=program.plan,
        valuation=valuation,
        members=actual.members,
        cover_years=years,
        written=written,
        earned=earned_premium(covers, valuation.day),
        decided=int(incurred.payable.sum()),
        paid=int(known.payable.sum()) if actual.payments_known else None,
        outstanding=estimate.outstanding,
        too_thin=estimate.too_thin,
        triangle=estimate.triangle,
        ladder=estimate.ladder,
        reserves=estimate.reserves,
        bridge=estimate.bridge,
        comparisons=tuple(one for one in comparisons if one.by != "benefit" or one.value not in without),
        future_claims=round(expected_year * _FEN * (1 - float(portions.sum()))),
        digests=digests,
        undecided=actual.undecided,
        left_out=actual.left_out,
    )


def _covers(actual: Claims, valuation: Valuation) -> list[tuple[date, date, int]]:
    """First day, last day and fen of all members who were covered on the same days. Raises InputError."""
    if (actual.premium is None) == (valuation.premium is None):
        found = "no premium" if actual.premium is None else "a premium a head, and one of each member in the file"
        raise InputError(f"found {found}; expected one or the other", code="unclear_premium")
    premium = np.full(actual.members, valuation.premium) if actual.premium is None else actual.premium
    covered = actual.exposure > 0
    days, which = np.unique(
        np.stack([actual.cover_from[covered], actual.cover_to[covered]]), axis=1, return_inverse=True
    )
    sums = np.zeros(days.shape[1], np.int64)
    np.add.at(sums, which.ravel(), premium[covered])
    return [
        (date_of(first), date_of(last), fen) for first, last, fen in zip(*days.tolist(), sums.tolist(), strict=True)
    ]


def _refuse_before_cover(program: Program, day: date) -> None:
    if day < program.cover_from:
        message = f"found a valuation on {day}; expected one from {program.cover_from}, when the cover begins, on"
        raise InputError(message, code="bad_valuation")


def _months(program: Program, day: date) -> int:
    """The months that have begun and are in the cover year."""
    return min(_YEAR, int(months_since(program.cover_from, np.array([days_since_epoch(day)]))[0]) + 1)


def _begun(program: Program, day: date) -> Amounts:
    """The part of each of those months that is over: of the last one, its days so far."""
    parts = np.ones(_months(program, day))
    if day < program.cover_to:
        parts[-1] = day.day / monthrange(day.year, day.month)[1]
    return parts


def _season(basis: Claims) -> Amounts:
    """The months' parts of a year's payments; every month alike where the basis paid nothing."""
    sums = np.bincount(np.clip(basis.month, 0, _YEAR - 1), basis.payable, _YEAR).astype(np.float64)
    return sums / sums.sum() if sums.sum() else np.full(_YEAR, 1 / _YEAR)


@dataclass(frozen=True)
class _Estimate:
    outstanding: int
    too_thin: str
    triangle: Triangle | None = None
    ladder: ChainLadder | None = None
    reserves: tuple[Reserve, ...] = ()
    bridge: Bridge | None = None


def _estimate(program: Program, known: Claims, day: date, expected: Amounts) -> _Estimate:
    """By the month in which care was given, seen at the end of the valuation's month."""
    months = int(months_since(program.cover_from, np.array([days_since_epoch(day)]))[0]) + 1
    try:
        now = _seen(program, known, months, expected)
    except InputError as error:
        return _Estimate(0, error.message)
    reserves = (now.reserve, now.ladder, expected_loss(now.triangle, now.prior))
    outstanding = int(_fen(now.reserve.ultimate).sum() - _fen(now.triangle.latest).sum())
    try:
        before = _seen(program, known, months - 1, expected)
    except InputError:
        return _Estimate(outstanding, "", now.triangle, now.ladder, reserves)
    return _Estimate(outstanding, "", now.triangle, now.ladder, reserves, _bridge(before, now, outstanding))


@dataclass(frozen=True)
class _Seen:
    triangle: Triangle
    ladder: ChainLadder
    reserve: Reserve
    prior: list[float]


def _seen(program: Program, known: Claims, months: int, expected: Amounts) -> _Seen:
    """At the end of so many months. Months after the cover's last have no care, and expect nothing."""
    paid = months_since(program.cover_from, known.paid_on)
    triangle = Triangle.monthly(program.cover_from, months, known.month, paid, known.payable)
    prior = [float(expected[n]) if n < len(expected) else 0.0 for n in range(months)]
    return _Seen(triangle, chain_ladder(triangle), bornhuetter_ferguson(triangle, prior), prior)


def _bridge(before: _Seen, now: _Seen, closing: int) -> Bridge:
    """From last month's reserve: what was paid of it, what the new month adds, and how the estimate for the old ones
    changed.
    """
    old = before.triangle.size
    was, paid_before = _fen(before.reserve.ultimate), _fen(before.triangle.latest)
    ultimate, paid = _fen(now.reserve.ultimate), _fen(now.triangle.latest)
    steps = [
        Step("paid_for_earlier_months", -int((paid[:old] - paid_before).sum())),
        Step("estimate_of_earlier_months", int((ultimate[:old] - was).sum())),
        Step("new_month", int(ultimate[old:].sum())),
        Step("paid_for_new_month", -int(paid[old:].sum())),
    ]
    return bridge(int((was - paid_before).sum()), steps, closing)


def _fen(yuan: Amounts) -> np.ndarray:
    return np.rint(yuan * _FEN).astype(np.int64)
