"""Who joins at what price, year after year, if the price follows the cost of last year's members.

Source of the model: Akerlof, The market for "lemons" (1970); Einav and Finkelstein, Selection in insurance markets
(2011). Risk is the expected cost of a person in yuan; people join who are willing to pay the price.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.errors import InputError

__all__ = ["Year", "follow", "spirals"]

_NOBODY = 0.0


@dataclass(frozen=True, slots=True)
class Year:
    """`price` in yuan, `joined` as a share of all people (0 to 1), `cost` the mean of those who joined (0 if nobody
    did).
    """

    price: float
    joined: float
    cost: float


def follow(
    risk: Amounts,
    willingness: Amounts,
    first_price: float,
    years: int,
    next_price: Callable[[Year], float] = lambda year: year.cost,
) -> list[Year]:
    """The years from a first price on. Each price follows from the year before: by default it is the cost of its
    members.

    `risk` and `willingness` to pay (yuan) by person. Ends early where nobody joins. Raises InputError (`few_people`).
    """
    if len(risk) < _FEWEST or len(risk) != len(willingness):
        message = f"found {len(risk)} people and what {len(willingness)} would pay; expected {_FEWEST} or more of each"
        raise InputError(message, code="few_people")
    # Sorted by what people would pay, highest first: at any price those who join are at the front.
    order = np.argsort(-willingness, kind="stable")
    asked, sums = -willingness[order], np.concatenate(([0.0], np.cumsum(risk[order])))
    found: list[Year] = []
    price = first_price
    for _ in range(years):
        count = int(np.searchsorted(asked, -price, "right"))
        found.append(Year(price, count / len(risk), float(sums[count]) / count if count else _NOBODY))
        if not count:
            break
        price = next_price(found[-1])
    return found


_FEWEST = 100
"""With fewer people a mean cost says little."""


def spirals(years: list[Year], *, kept: float = 0.05) -> bool:
    """Whether take-up fell every year and ends below `kept` of all people, so that no price can carry the plan."""
    shares = [year.joined for year in years]
    return shares[-1] < kept and all(later < earlier for earlier, later in pairwise(shares))
