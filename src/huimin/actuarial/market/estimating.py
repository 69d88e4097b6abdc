"""Estimates the sign of selection from who joined: do people who cost more join more often, or less?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.batch.table.rows import Flags
from huimin.errors import InputError

__all__ = ["Selection", "estimate_selection"]

_FEWEST = 500
_ROUNDS = 50
_SURE = 1.96
_DONE = 1e-10


@dataclass(frozen=True, slots=True)
class Selection:
    """`slope`: log-odds of joining a unit of log risk, with its standard error."""

    slope: float
    error: float

    @property
    def sign(self) -> str:
        """adverse, advantageous, or unclear where the 95 % interval has both."""
        if abs(self.slope) <= _SURE * self.error:
            return "unclear"
        return "adverse" if self.slope > 0 else "advantageous"


def estimate_selection(joined: Flags, risk: Amounts) -> Selection:
    """Logistic regression of joining on log risk, by Newton's method. Raises InputError (`thin_data`, `bad_risk`)."""
    fewest = min(int(joined.sum()), int((~joined).sum()))
    if fewest < _FEWEST or len(joined) != len(risk):
        message = (
            f"found {int(joined.sum())} who joined and {int((~joined).sum())} who did not, and {len(risk)} risks; "
        )
        raise InputError(
            f"{message}expected {_FEWEST} or more of each: with fewer the sign is chance", code="thin_data"
        )
    if not (np.isfinite(risk).all() and (risk > 0).all() and np.ptp(risk) > 0):
        raise InputError(
            "found risks that are all the same, or not above 0; expected some that differ", code="bad_risk"
        )
    columns = np.stack((np.ones(len(risk)), np.log(risk) - np.log(risk).mean()))
    found = np.zeros(2)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-found @ columns))
        information = (columns * (chance * (1 - chance))) @ columns.T
        step = np.linalg.solve(information, columns @ (joined - chance))
        found = found + step
        if np.abs(step).max() < _DONE:
            break
    return Selection(float(found[1]), float(np.sqrt(np.linalg.inv(information)[1, 1])))
