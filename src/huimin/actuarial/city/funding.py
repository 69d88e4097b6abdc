"""Who pays a bill: basic insurance, critical-illness insurance, medical assistance, the person. Whole fen.

Each payer takes its part of what the payers before it have left, so that the identities of the national record hold.
"""

from __future__ import annotations

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city.care import Care
from huimin.actuarial.city.parameters import Parameters
from huimin.actuarial.city.people import People
from huimin.actuarial.city.streams import stream
from huimin.batch.table.rows import Integers

__all__ = ["fund"]

_DEAR = 50_000_00
_YUAN = 100


def fund(parameters: Parameters, people: People, care: Care, seed: int, year: int) -> dict[str, Integers]:
    """Fen by national field name, one value for each bill. The bills must be sorted by person and day."""
    rng = stream(seed, "funds", year)
    total = care.cost
    cheap, dear = parameters.numbers("out_of_list")
    weight = np.minimum(total, _DEAR) / _DEAR
    outside = _part(total, (cheap + (dear - cheap) * weight) * rng.gamma(2.0, 0.5, len(care)))
    first = _part(
        total - outside, np.minimum(parameters.number("first_self_pay") * rng.gamma(2.0, 0.5, len(care)), 0.5)
    )
    within = total - outside - first
    employee, poor = people.employee[care.person], people.poor[care.person]
    start = (parameters.numbers("basic_deductibles") * _YUAN).astype(np.int64)[care.level - 1] * care.inpatient
    for_employees, for_residents = parameters.numbers("basic_rates")
    basic = _part(np.maximum(within - start, 0), np.where(employee, for_employees, for_residents))
    left = within - basic
    critical = _critical(parameters, care.person, left)
    left = left - critical
    assistance = np.where(poor, _part(left, parameters.number("assistance_rate")), 0)
    funds = basic + critical + assistance
    personal = total - funds
    account = np.where(employee, np.minimum(personal, _part_of_account(parameters, rng, len(care))), 0)
    nothing = np.zeros(len(care), np.int64)
    return {
        "medfee_sumamt": total,
        "fulamt_ownpay_amt": outside,
        "overlmt_selfpay": nothing,
        "preselfpay_amt": first,
        "inscp_scp_amt": within,
        "fund_pay_sumamt": funds,
        "hifp_pay": basic,
        "cvlserv_pay": nothing,
        "hifob_pay": np.where(employee, critical, 0),
        "hifmi_pay": np.where(employee, 0, critical),
        "maf_pay": assistance,
        "hifes_pay": nothing,
        "oth_pay": nothing,
        "psn_part_amt": personal,
        "acct_pay": account,
        "psn_cash_pay": personal - account,
    }


def _critical(parameters: Parameters, person: Integers, left: Integers) -> Integers:
    """Critical-illness insurance pays a part of what a person's bills of the year leave above a threshold, bill by
    bill.
    """
    threshold, rate = parameters.numbers("critical_threshold")
    running = np.cumsum(left)
    first = np.flatnonzero(np.append(True, person[1:] != person[:-1])) if len(person) else np.zeros(0, np.int64)
    before = np.repeat(running[first] - left[first], np.diff(np.append(first, len(person))))
    after = running - before
    fen = int(threshold * _YUAN)
    above = np.maximum(after - fen, 0) - np.maximum(after - left - fen, 0)
    return _part(above, rate)


def _part_of_account(parameters: Parameters, rng: np.random.Generator, count: int) -> Integers:
    return np.asarray(rng.exponential(parameters.number("account") * _YUAN, count).astype(np.int64))


def _part(amount: Integers, share: Amounts | float) -> Integers:
    """A share (0 to 1) of each amount, rounded down to the fen."""
    return np.asarray(np.floor(amount * np.clip(share, 0, 1)).astype(np.int64))
