"""The arithmetic of `adjudication.payment` over columns: whole members in order, every case's terms as arrays.

A test holds it against the evaluator on random plans. Compiled by Numba; no Python object is touched.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["LARGEST_YEAR", "NO_LIMIT", "Columns", "Out", "Terms", "decide_members"]

Array = npt.NDArray[Any]
LARGEST_YEAR = 9 * 10**13
"""Fen of excess in a year above which products with basis points could leave 64 bits: such members go elsewhere."""
NO_LIMIT = np.int64(2**62)
_BASIS = 10_000
QUANTITY, LISTED, ALLOWANCE = 0, 1, 2
NO_DEDUCTIBLE, OF_YEAR, OF_SETTLEMENT = 0, 1, 2
PER_SETTLEMENT, PER_DAY, PER_MONTH, PER_YEAR = 0, 1, 2, 3
BY_EVENT, BY_DAY, BY_MONTH = 0, 1, 2


class Terms(NamedTuple):
    """The plan as arrays. `entry_*` has one row for each benefit that applies in a case, in the plan's order."""

    case_start: Array
    entry_benefit: Array
    entry_kind: Array
    entry_column: Array
    """Of the base: column of `amounts`, or of `listed`."""
    entry_less_start: Array
    less_column: Array
    entry_less_benefits: Array
    """Bits of the benefits whose payments on the bill are taken away."""
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
    """benefits, deductible pools, year pools, month pools, day pools, months, days"""


@njit(cache=True, nogil=True)
def _cumulative(above: Array, rate: Array, first: int, last: int, excess: int) -> Any:
    exact = 0
    for tier in range(last - 1, first - 1, -1):
        if excess > above[tier]:
            exact += (excess - above[tier]) * rate[tier]
            excess = above[tier]
    return (exact + _BASIS // 2) // _BASIS


class State(NamedTuple):
    """What has been used up: in the year of the member in hand, and on the bill in hand."""

    deductible: Array
    bill_deductible: Array
    excess: Array
    units: Array
    months_seen: Array
    year: Array
    bill: Array
    month: Array
    day: Array
    paid: Array


class Columns(NamedTuple):
    """The rows, those of a member together and in order. `personal` is what is left after payers before the plan."""

    case: Array
    day: Array
    month: Array
    stay: Array
    personal: Array
    amounts: Array
    listed: Array


class Out(NamedTuple):
    """`start` is where each row's first benefit is written."""

    start: Array
    base: Array
    deductible: Array
    excess: Array
    payable: Array


@njit(cache=True, nogil=True)
def _new_state(sizes: Array) -> State:
    benefits, deductibles, years, months_pools, days_pools, months, days = sizes
    return State(
        np.zeros(deductibles, np.int64),
        np.zeros(deductibles, np.int64),
        np.zeros(benefits, np.int64),
        np.zeros(benefits, np.int64),
        np.zeros((benefits, months), np.bool_),
        np.zeros(years, np.int64),
        np.zeros(years, np.int64),
        np.zeros((months_pools, months), np.int64),
        np.zeros((days_pools, days), np.int64),
        np.zeros(benefits, np.int64),
    )


@njit(cache=True, nogil=True)
def _begin_member(state: State, columns: Columns, first_row: int, end_row: int) -> None:
    state.deductible[:] = 0
    state.excess[:] = 0
    state.units[:] = 0
    state.months_seen[:] = False
    state.year[:] = 0
    state.month[:] = 0
    for pool in range(len(state.day)):
        for row in range(first_row, end_row):
            state.day[pool, columns.day[row]] = 0


@njit(cache=True, nogil=True)
def _base(terms: Terms, state: State, columns: Columns, entry: int, row: int) -> Any:
    kind, column = terms.entry_kind[entry], terms.entry_column[entry]
    if kind == LISTED:
        return columns.listed[column, row]
    if kind == ALLOWANCE:
        return _allowance(terms, state, columns, entry, row)
    base = columns.amounts[column, row]
    for index in range(terms.entry_less_start[entry], terms.entry_less_start[entry + 1]):
        base -= columns.amounts[terms.less_column[index], row]
    less, earlier = terms.entry_less_benefits[entry], 0
    while less:
        if less & 1:
            base -= state.paid[earlier]
        less >>= 1
        earlier += 1
    return max(0, base)


@njit(cache=True, nogil=True)
def _allowance(terms: Terms, state: State, columns: Columns, entry: int, row: int) -> Any:
    benefit = terms.entry_benefit[entry]
    per, amount, free, most = terms.entry_allowance[entry]
    count = 1
    if per == BY_DAY:
        count = max(0, max(1, columns.stay[row]) - free)
    elif per == BY_MONTH:
        count = 0 if state.months_seen[benefit, columns.month[row]] else 1
        state.months_seen[benefit, columns.month[row]] = True
    count = min(count, most - state.units[benefit])
    state.units[benefit] += count
    return count * amount


@njit(cache=True, nogil=True)
def _deductible(terms: Terms, state: State, entry: int, base: int) -> Any:
    per = terms.entry_deductible_per[entry]
    if per == NO_DEDUCTIBLE:
        return 0
    pools = state.deductible if per == OF_YEAR else state.bill_deductible
    pool = terms.entry_deductible_pool[entry]
    applied = min(base, max(0, terms.entry_deductible[entry] - pools[pool]))
    pools[pool] += applied
    return applied


@njit(cache=True, nogil=True)
def _by_tiers(terms: Terms, entry: int, before: int, after: int) -> Any:
    if before == after:
        return 0
    first, last = terms.entry_tier_start[entry], terms.entry_tier_start[entry + 1]
    above, rate = terms.tier_above, terms.tier_rate
    payable = _cumulative(above, rate, first, last, after) - _cumulative(above, rate, first, last, before)
    unit = terms.entry_rounding_unit[entry]
    if unit:
        payable = (payable + (unit // 2 if terms.entry_rounding_half[entry] else 0)) // unit * unit
    return payable


@njit(cache=True, nogil=True)
def _limit(terms: Terms, state: State, columns: Columns, limit: int, row: int, add: int) -> Any:
    """What is left of a limit, after `add` is counted under it."""
    pool, per = terms.limit_pool[limit], terms.limit_per[limit]
    if per == PER_YEAR:
        state.year[pool] += add
        used = state.year[pool]
    elif per == PER_SETTLEMENT:
        state.bill[pool] += add
        used = state.bill[pool]
    elif per == PER_MONTH:
        state.month[pool, columns.month[row]] += add
        used = state.month[pool, columns.month[row]]
    else:
        state.day[pool, columns.day[row]] += add
        used = state.day[pool, columns.day[row]]
    return max(0, terms.limit_amount[limit] - used)


@njit(cache=True, nogil=True)
def decide_members(terms: Terms, member_start: Array, columns: Columns, out: Out, overflow: Array) -> None:
    """Decide the members whose rows begin at `member_start`; its last is where the rows end.

    `overflow` marks, by position, members whose sums are too large.
    """
    state = _new_state(terms.sizes)
    for member in range(len(member_start) - 1):
        _begin_member(state, columns, member_start[member], member_start[member + 1])
        for row in range(member_start[member], member_start[member + 1]):
            left, place = columns.personal[row], out.start[row]
            state.bill_deductible[:] = 0
            state.bill[:] = 0
            state.paid[:] = 0
            for entry in range(terms.case_start[columns.case[row]], terms.case_start[columns.case[row] + 1]):
                benefit = terms.entry_benefit[entry]
                base = _base(terms, state, columns, entry, row)
                applied = _deductible(terms, state, entry, base)
                before = state.excess[benefit]
                after = before + base - applied
                if after > LARGEST_YEAR:
                    overflow[member] = True
                    after = before
                state.excess[benefit] = after
                payable = _by_tiers(terms, entry, before, after)
                limits, limits_end = terms.entry_limit_start[entry], terms.entry_limit_start[entry + 1]
                for limit in range(limits, limits_end):
                    payable = min(payable, _limit(terms, state, columns, limit, row, 0))
                if terms.entry_kind[entry] != ALLOWANCE:
                    payable = min(payable, left)
                if payable < terms.entry_minimum[entry]:
                    payable = 0
                for limit in range(limits, limits_end):
                    _limit(terms, state, columns, limit, row, payable)
                if terms.entry_kind[entry] != ALLOWANCE:
                    left -= payable
                state.paid[benefit] = payable
                out.base[place], out.deductible[place] = base, applied
                out.excess[place], out.payable[place] = after - before, payable
                place += 1
