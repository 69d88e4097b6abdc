"""The price of a plan: what its own terms would have paid on a history, with trend, expenses and a margin."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from huimin.actuarial.clauses import changed_clauses
from huimin.actuarial.fitting import Fitted, fit_benefits
from huimin.actuarial.history import History
from huimin.actuarial.portfolio import FEWEST_PAID, Outlook, outlook
from huimin.actuarial.rating import RateGroup, rate_groups
from huimin.actuarial.relativities import Relativities, relativities
from huimin.actuarial.traits import first_day_of, is_woman, traits_of
from huimin.actuarial.unpriced import NotPriced, not_priced, reason_in_words
from huimin.adjudication import Program, compile_plan
from huimin.batch.decide.by_column import Decided
from huimin.batch.table.fact_columns import ages_of
from huimin.batch.table.rows import Integers
from huimin.errors import InputError
from huimin.terms.loading import LoadedPlan

__all__ = ["Assumptions", "ClauseCost", "Estimate", "Price", "price_plan"]

_FEN = 100.0
_SURE = 1.96
"""The number of standard errors on either side of a mean for a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """`trend`: basis points on all amounts. `expenses` and `margin`: basis points of the gross premium."""

    trend: int = 0
    expenses: int = 0
    margin: int = 0
    deductible_step: int = 2_000_00


@dataclass(frozen=True, slots=True)
class Estimate:
    """Yuan a member and year, with its standard error."""

    value: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval."""
        return self.value - _SURE * self.error, self.value + _SURE * self.error


@dataclass(frozen=True, slots=True)
class ClauseCost:
    """How much more the plan would cost without the clause (less: below zero)."""

    clause: str
    difference: Estimate


@dataclass(frozen=True)
class Price:
    """`pure`: what the terms would have paid a member. `gross` = pure ÷ (1 − expenses − margin).

    Both, and everything computed from them, leave out `not_priced`; `benefits` are those with a figure.
    """

    plan: str
    plan_digest: str
    history_digest: str
    assumptions: Assumptions
    members: int
    members_paid: int
    bills_decided: int
    bills_undecided: int
    bills_refused: int
    pure: Estimate
    gross: Estimate
    benefits: tuple[tuple[str, Estimate], ...]
    not_priced: tuple[NotPriced, ...]
    clauses: tuple[ClauseCost, ...]
    fitted: tuple[Fitted, ...] = ()
    outlook: Outlook | None = None
    rates: tuple[RateGroup, ...] = ()
    model: Relativities | None = None
    unmodelled: str = ""
    """Why there is no model although one was asked for."""


def price_plan(
    loaded: LoadedPlan,
    history: History,
    assumptions: Assumptions = Assumptions(),
    *,
    fit: bool = False,
    rates: bool = False,
    glm: bool = False,
    insured: int | None = None,
    shock: float = 0.0,
    seed: int = 1,
) -> Price:
    """Decide the history under the plan, and again without each of its clauses.

    Errors are those of a mean over members; members are taken as independent. `fit` adds each benefit by a fitted
    frequency and severity, `rates` the premium shared out by age and sex, `glm` what each trait of a member multiplies
    the cost by, where data allow, `insured` what the whole year may cost so many under a common `shock`. Raises
    InputError: `not_priced`, `thin_data`, `bad_loading`, `bad_portfolio`, `unknown_ages`; MissingExtra.
    """
    share = assumptions.expenses + assumptions.margin
    if not 0 <= share < _WHOLE:
        raise InputError(
            f"expenses and margin take {share / 100:g} % of the premium; expected less than 100 %", code="bad_loading"
        )
    program = compile_plan(loaded.plan)
    changed = list(changed_clauses(program, assumptions.deductible_step))
    trended = history.trended(assumptions.trend, [program, *(other for _, other in changed)])
    decided = trended.decide(program)
    paid = trended.by_member(decided, len(program.benefits))
    total = paid.sum(axis=0)
    unpriced = _unpriced(program, decided)
    someone = int((total > 0).sum())
    if someone < FEWEST_PAID:
        few = {"found": str(someone), "least": str(FEWEST_PAID)}
        message = f"found {someone} members to whom the terms pay something; expected {FEWEST_PAID} or more: a price "
        raise InputError(f"{message}from fewer is mostly chance", code="thin_data", values=few)
    pure = _estimate(total)
    loading = 1 - share / _WHOLE
    model, unmodelled = _model(trended, total, pure.value / loading) if glm else (None, "")
    return Price(
        plan=loaded.plan.id,
        plan_digest=loaded.digest,
        history_digest=history.digest,
        assumptions=assumptions,
        members=len(history.members),
        members_paid=someone,
        bills_decided=decided.adjudicated,
        bills_undecided=len(decided.undecided),
        bills_refused=len(decided.refused),
        pure=pure,
        gross=Estimate(pure.value / loading, pure.error / loading),
        benefits=_benefits(program, paid, unpriced),
        not_priced=unpriced,
        clauses=tuple(ClauseCost(name, _difference(trended, other, total)) for name, other in changed),
        fitted=tuple(fit_benefits(program, trended, decided)) if fit else (),
        rates=_rates(trended, total, pure.value / loading) if rates else (),
        model=model,
        unmodelled=unmodelled,
        outlook=None if insured is None else outlook(total / _FEN, insured, shock=shock, seed=seed),
    )


_WHOLE = 10_000


def _unpriced(program: Program, decided: Decided) -> tuple[NotPriced, ...]:
    """The benefits without a figure, or with a part of one. Raises InputError (`not_priced`) where none has one."""
    found = not_priced(program, decided)
    if {one.benefit for one in found if not one.partly} >= {benefit.id for benefit in program.benefits}:
        reasons = "; ".join(f"{one.benefit}: {reason_in_words(one, 'en')}" for one in found)
        raise InputError(f"not priced: {reasons}", code="not_priced")
    return found


def _benefits(program: Program, paid: Integers, unpriced: tuple[NotPriced, ...]) -> tuple[tuple[str, Estimate], ...]:
    without = {one.benefit for one in unpriced if not one.partly}
    rows = zip(program.benefits, paid, strict=True)
    return tuple((benefit.id, _estimate(row)) for benefit, row in rows if benefit.id not in without)


def _rates(history: History, total: Integers, premium: float) -> tuple[RateGroup, ...]:
    """Raises InputError (`unknown_ages`) where a member's birth date or sex is not known."""
    rows = history.members.rows
    age = ages_of(rows, first_day_of(history))
    sexes, names = rows.texts("sex")
    if (age < 0).any() or "" in names:
        message = "found members without a birth date or a sex; expected both of everybody, to make rates by them"
        raise InputError(message, code="unknown_ages")
    female = np.array([is_woman(name) for name in names], np.bool_)[sexes]
    return tuple(rate_groups(age, female, total / _FEN, round(premium * _FEN * len(total))))


def _model(history: History, total: Integers, premium: float) -> tuple[Relativities | None, str]:
    """The model, or the reason why there is none: too few members were paid."""
    try:
        return relativities(traits_of(history), total / _FEN, round(premium * _FEN * len(total))), ""
    except InputError as error:
        if error.code != "thin_data":
            raise
        return None, error.message


def _difference(history: History, other: Program, total: Integers) -> Estimate:
    """The difference, computed member by member, so that equal payments add nothing to the error."""
    paid = history.paid(other)
    return _estimate(paid - total)


def _estimate(fen: Integers) -> Estimate:
    return Estimate(float(fen.mean()) / _FEN, float(np.std(fen, ddof=1)) / sqrt(len(fen)) / _FEN)
