"""The loop for plans whose benefits all have the commonest form: a yearly deductible, two tiers, a yearly limit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from huimin.batch.decide.kernel_steps import to_fen, two_tiers
from huimin.batch.decide.kernel_terms import (
    COLUMN,
    DEDUCTIBLE,
    DEDUCTIBLE_POOL,
    LESS_BENEFITS,
    LIMIT,
    LIMIT_POOL,
    TIMES,
    Array,
)
from huimin.batch.decide.sums import LARGEST_YEAR

__all__ = ["decide_plain"]

_ZERO: Any
_ONE: Any
_ZERO, _ONE = np.uint64(0), np.uint64(1)


@njit(cache=True, nogil=True, error_model="numpy")
def decide_plain(
    case_start: Array,
    entry_benefit: Array,
    entry_plain: Array,
    sizes: Array,
    member_start: Array,
    rows: Array,
    case: Array,
    personal: Array,
    amounts: Array,
    place: int,
    out_row: Array,
    out_benefit: Array,
    out_base: Array,
    out_deductible: Array,
    out_excess: Array,
    out_payable: Array,
    overflow: Array,
) -> None:
    """See kernel.decide_members. Arguments are those of Terms, Columns and Out by name."""
    benefits, pools, year_pools = sizes[0], sizes[1], sizes[2]
    # Entries without a deductible or a limit share an additional pool of each, which is never read.
    deductible_used, used = np.zeros(pools + 1, np.int64), np.zeros(year_pools + 1, np.int64)
    excess_so_far, paid = np.zeros(benefits, np.int64), np.zeros(benefits, np.int64)
    entitled, entitled_fen = np.zeros(benefits, np.int64), np.zeros(benefits, np.int64)
    for member in range(len(member_start) - 1):
        for which in range(pools):
            deductible_used[which] = 0
        for which in range(year_pools):
            used[which] = 0
        for benefit in range(benefits):
            excess_so_far[benefit] = entitled[benefit] = entitled_fen[benefit] = 0
        for row in range(member_start[member], member_start[member + 1]):
            left = personal[row]
            for benefit in range(benefits):
                paid[benefit] = 0
            for entry in range(case_start[case[row]], case_start[case[row] + _ONE]):
                benefit = entry_benefit[entry]
                base = amounts[np.uint64(entry_plain[entry, COLUMN]), row] * entry_plain[entry, TIMES]
                less, earlier = entry_plain[entry, LESS_BENEFITS], _ZERO
                while less:
                    base -= paid[earlier] * (less & 1)
                    less, earlier = less >> 1, earlier + _ONE
                base = max(0, base)
                pool = np.uint64(entry_plain[entry, DEDUCTIBLE_POOL])
                applied = min(base, max(0, entry_plain[entry, DEDUCTIBLE] - deductible_used[pool]))
                deductible_used[pool] += applied
                before = excess_so_far[benefit]
                after = before + base - applied
                if after > LARGEST_YEAR:
                    overflow[member] = True
                    after = before
                payable = 0
                if after > before:
                    excess_so_far[benefit] = after
                    entitled[benefit] += two_tiers(entry_plain, entry, before, after)
                    payable = -entitled_fen[benefit]
                    entitled_fen[benefit] = to_fen(entitled[benefit])
                    pool = np.uint64(entry_plain[entry, LIMIT_POOL])
                    payable = min(payable + entitled_fen[benefit], left)
                    payable = min(payable, max(0, entry_plain[entry, LIMIT] - used[pool]))
                    used[pool] += payable
                    left -= payable
                paid[benefit] = payable
                out_row[place], out_benefit[place] = rows[row], benefit
                out_base[place], out_deductible[place] = base, applied
                out_excess[place], out_payable[place] = after - before, payable
                place += _ONE
