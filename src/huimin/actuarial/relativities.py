"""By how much each trait of a member multiplies the cost if the others are equal: a generalised linear model.

Costs follow a Tweedie distribution (many zeros, a long tail) with a logarithmic link, fitted by glum; errors are robust
ones (sandwich), so that intervals do not rest on the distribution. Source: Jørgensen and Paes De Souza, Fitting
Tweedie's compound Poisson model to insurance claims data, Scandinavian Actuarial Journal (1994).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import exp
from typing import Any, TypeAlias

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.batch.table.rows import Flags, Integers
from huimin.errors import InputError
from huimin.extras import require
from huimin.money import share_out

__all__ = ["FEWEST_PAID", "JOINED", "POWER", "Level", "RateCell", "Relativities", "Trait", "relativities"]

POWER = 1.6
"""Variance grows with the mean to this power: between counts (1) and amounts (2); an assumption, as is usual."""
FEWEST_PAID = 50
"""The fewest members of a level to whom something was paid. With fewer its factor is mostly chance."""
_PAID_EACH = 10
"""The fewest paid members for each factor that is estimated."""
JOINED = " / "
"""Separates the names of levels that are joined."""
_SURE = 1.96
_CLOSE = 1e-6
_FEN = 100

Trait: TypeAlias = tuple[Integers, Sequence[str]]
"""The code of each member's level, and the names of the levels in their order."""


@dataclass(frozen=True, slots=True)
class Level:
    """`factor` on the cost of the trait's `base` level (the most frequent), with its 95 % interval; 1 for the base."""

    trait: str
    name: str
    members: int
    paid: int
    factor: float
    low: float
    high: float
    base: bool


@dataclass(frozen=True, slots=True)
class RateCell:
    """Members that are alike in all traits: their `total` of the community's premium, in fen, and the `rate` of one."""

    levels: tuple[str, ...]
    members: int
    rate: int
    total: int


@dataclass(frozen=True)
class Relativities:
    """`base`: yuan that a member with all base levels costs. `left_out`: traits of which no two levels could be
    distinguished.
    """

    power: float
    base: float
    explained: float
    """The part of the deviance that the traits explain, 0 to 1. It is small if most people cost nothing."""
    traits: tuple[str, ...]
    levels: tuple[Level, ...]
    left_out: tuple[str, ...]
    cells: tuple[RateCell, ...]


def relativities(traits: Mapping[str, Trait], paid: Amounts, total: int, power: float = POWER) -> Relativities:
    """`paid`: yuan by member; `total`: fen of premium that the cells' rates must come to, exactly.

    Levels with few paid members are joined with the level before them. Raises InputError (`thin_data`) and MissingExtra
    (`missing_extra`).
    """
    someone = paid > 0
    joined = {name: _without_thin(*trait, someone) for name, trait in traits.items()}
    used = {name: trait for name, trait in joined.items() if len(trait[1]) > 1}
    needed = _PAID_EACH * (1 + sum(len(names) - 1 for _, names in used.values()))
    if not used or int(someone.sum()) < max(needed, 2 * FEWEST_PAID):
        message = f"found {int(someone.sum())} members paid and {len(used)} traits with two levels of {FEWEST_PAID}"
        raise InputError(
            f"{message} paid; expected {max(needed, 2 * FEWEST_PAID)} and one or more, else a model shows chance",
            code="thin_data",
        )
    frame, bases = _frame(used)
    level = float(paid.mean())
    relative = paid / level  # around 1, so that the stopping rule of the fit does not depend on the currency
    model, mean, errors = _fitted(frame, relative, power)
    estimates = dict(zip(model.feature_names_, zip(model.coef_, errors[1:], strict=True), strict=True))
    return Relativities(
        power=power,
        base=level * exp(float(model.intercept_)),
        explained=_explained(model, relative, mean),
        traits=tuple(used),
        levels=tuple(_levels(used, bases, estimates, someone)),
        left_out=tuple(name for name in traits if name not in used),
        cells=tuple(_cells(used, level * mean, total)),
    )


def _without_thin(codes: Integers, names: Sequence[str], someone: Flags) -> tuple[Integers, list[str]]:
    """Levels with fewer paid than FEWEST_PAID join the one before; the first, the one after. Absent ones are gone."""
    paid = np.bincount(codes[someone], minlength=len(names))
    present = np.bincount(codes, minlength=len(names)) > 0
    groups: list[list[int]] = []
    for level in np.flatnonzero(present).tolist():
        if groups and (paid[level] < FEWEST_PAID or paid[groups[-1]].sum() < FEWEST_PAID):
            groups[-1].append(level)
        else:
            groups.append([level])
    to = np.zeros(len(names), np.int64)
    for place, group in enumerate(groups):
        to[group] = place
    return to[codes], [JOINED.join(names[level] for level in group) for group in groups]


def _frame(used: Mapping[str, tuple[Integers, list[str]]]) -> tuple[Any, dict[str, int]]:
    """A frame of categories, the base level of each trait first; and which that is."""
    pandas = _library("pandas")
    columns, bases = {}, {}
    for name, (codes, names) in used.items():
        bases[name] = base = int(np.bincount(codes).argmax())
        order = [base, *(level for level in range(len(names)) if level != base)]
        place = np.argsort(order)
        columns[name] = pandas.Categorical.from_codes(place[codes], [str(level) for level in order])
    return pandas.DataFrame(columns), bases


def _fitted(frame: Any, paid: Amounts, power: float) -> tuple[Any, Amounts, Amounts]:
    """The model, each member's mean, and the errors of the intercept and of the factors' logarithms."""
    glum = _library("glum")
    family = glum.TweedieDistribution(power)
    model = glum.GeneralizedLinearRegressor(
        alpha=0, family=family, link="log", drop_first=True, gradient_tol=_CLOSE, step_size_tol=_CLOSE
    )
    # Sums of several threads differ in their last digits from run to run.
    with _library("threadpoolctl").threadpool_limits(1):
        model.fit(frame, paid)
        errors = model.std_errors(frame, paid, robust=True)
        return model, np.asarray(model.predict(frame)), np.asarray(errors)


def _library(name: str) -> Any:
    """A library of the extra `glm`, loaded only where a model is wanted. Raises MissingExtra (`missing_extra`)."""
    require("glm", "a model of several traits")
    return import_module(name)


def _explained(model: Any, paid: Amounts, mean: Amounts) -> float:
    deviance = model.family_instance.deviance
    return float(1 - deviance(paid, mean) / deviance(paid, np.ones(len(paid))))


def _levels(
    used: Mapping[str, tuple[Integers, list[str]]],
    bases: Mapping[str, int],
    estimates: Mapping[str, tuple[float, float]],
    someone: Flags,
) -> list[Level]:
    found = []
    for trait, (codes, names) in used.items():
        members, paid = np.bincount(codes), np.bincount(codes[someone], minlength=len(names))
        for level, name in enumerate(names):
            base = level == bases[trait]
            log, error = (0.0, 0.0) if base else estimates[f"{trait}[{level}]"]
            low, high = exp(log - _SURE * error), exp(log + _SURE * error)
            found.append(Level(trait, name, int(members[level]), int(paid[level]), exp(log), low, high, base))
    return found


def _cells(used: Mapping[str, tuple[Integers, list[str]]], mean: Amounts, total: int) -> list[RateCell]:
    """By cell, the most expensive last. The model's own sum is not the premium, so the premium is shared out by it."""
    sizes = [len(names) for _, names in used.values()]
    cell = np.ravel_multi_index([codes for codes, _ in used.values()], sizes)
    members, cost = np.bincount(cell), np.bincount(cell, mean)
    present = np.flatnonzero(members)
    weights = {f"{place:06d}": round(float(cost[place]) * _FEN) for place in present}
    shares = share_out(total, weights, {name: name for name in weights})
    found = []
    for place in present.tolist():
        levels = np.unravel_index(place, sizes)
        texts = tuple(names[level] for level, (_, names) in zip(levels, used.values(), strict=True))
        share = shares[f"{place:06d}"]
        found.append(RateCell(texts, int(members[place]), round(share / int(members[place])), share))
    return sorted(found, key=lambda one: one.rate)
