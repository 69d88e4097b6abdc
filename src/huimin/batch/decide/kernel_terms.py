"""The kernel's input and output: a plan's terms as arrays, bills as columns, and lines of decisions."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "ALLOWANCE",
    "BY_DAY",
    "BY_EVENT",
    "BY_MONTH",
    "COLUMN",
    "DEDUCTIBLE",
    "DEDUCTIBLE_POOL",
    "LESS_BENEFITS",
    "LIMIT",
    "LIMIT_POOL",
    "LISTED",
    "LOWER_RATE",
    "NO_DEDUCTIBLE",
    "NO_LIMIT",
    "OF_SETTLEMENT",
    "OF_YEAR",
    "PER_DAY",
    "PER_MONTH",
    "PER_SETTLEMENT",
    "PER_YEAR",
    "PLAIN",
    "PLAIN_COLUMNS",
    "QUANTITY",
    "TIMES",
    "UPPER_ABOVE",
    "UPPER_RATE",
    "Array",
    "Columns",
    "Out",
    "Terms",
]

Array = npt.NDArray[Any]
NO_LIMIT = np.int64(2**62)
QUANTITY, LISTED, ALLOWANCE = 0, 1, 2
NO_DEDUCTIBLE, OF_YEAR, OF_SETTLEMENT = 0, 1, 2
PER_YEAR, PER_SETTLEMENT, PER_MONTH, PER_DAY = 0, 1, 2, 3
BY_EVENT, BY_DAY, BY_MONTH = 0, 1, 2
PLAIN_COLUMNS = 11
(
    PLAIN,
    TIMES,
    COLUMN,
    DEDUCTIBLE,
    DEDUCTIBLE_POOL,
    UPPER_ABOVE,
    LOWER_RATE,
    UPPER_RATE,
    LIMIT,
    LIMIT_POOL,
    LESS_BENEFITS,
) = range(PLAIN_COLUMNS)
"""Columns of `Terms.entry_plain`."""


class Terms(NamedTuple):
    """The plan as arrays. `entry_*` has one row for each benefit that applies in a case, in the plan's order."""

    case_start: Array
    entry_benefit: Array
    entry_kind: Array
    entry_column: Array
    """The base's column in `amounts`, or in `listed`."""
    entry_less_start: Array
    less_column: Array
    entry_less_benefits: Array
    """The benefits whose payments on the bill are subtracted, one bit for each."""
    entry_deductible_per: Array
    entry_deductible: Array
    entry_deductible_pool: Array
    entry_tier_start: Array
    tier_above: Array
    tier_rate: Array
    entry_rounding_unit: Array
    entry_rounding_half: Array
    entry_limit_start: Array
    limit_per: Array
    limit_amount: Array
    limit_pool: Array
    entry_minimum: Array
    entry_allowance: Array
    """per, sum, free days, most units (or NO_LIMIT)."""
    sizes: Array
    """How many benefits, deductible pools, year pools, month pools, day pools, months and days there are; and whether
    anything depends on a bill.
    """
    entry_plain: Array
    """Entries of the commonest form, in one row each (PLAIN_COLUMNS): a quantity less earlier payments, a deductible of
    the year or none, one tier or two, a limit of the year or none (NO_LIMIT, of a pool of its own), nothing else.
    The first column says whether the entry is one, the second how often the quantity counts: once, or not at all in the
    one line of a bill to which no benefit applies. They are decided in half the time."""


class Columns(NamedTuple):
    """The bills to decide, whole members in order. They are gathered first, since the loop would miss the cache at
    every column.

    `rows` is only copied to the lines. `personal` is the person's part after payers that come before the plan. `month`
    and `stay` may be empty where no terms ask for them.
    """

    rows: Array
    case: Array
    day: Array
    month: Array
    stay: Array
    personal: Array
    amounts: Array
    listed: Array


class Out(NamedTuple):
    """The lines of decisions: the row of the bill, the place of the benefit, and amounts in fen."""

    row: Array
    benefit: Array
    base: Array
    deductible: Array
    excess: Array
    payable: Array
