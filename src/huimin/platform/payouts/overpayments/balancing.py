"""What has to happen so that a policy's overpayments stand as they should. Pure: amounts in, steps out.

Afterwards nothing is payable below zero, nobody owes and is owed at the same time, and what is small is waived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from huimin.platform.payouts.models import OverpaymentKind

__all__ = ["WAIVED_UP_TO", "Bill", "Step", "waive_all", "what_follows"]

WAIVED_UP_TO = 10_00
"""In fen, for a policy in all: asking for it would cost more. An assumption of ours, and a city's pool may agree on
another.
"""


@dataclass(frozen=True, slots=True)
class Bill:
    """One bill of the policy, in fen. `payable`: to the insured and not being paid yet, below zero where too much was
    paid. `receivable`: from the insured, below zero where they paid back what was due. `waived`: in all.
    """

    payable: int = 0
    receivable: int = 0
    waived: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    kind: OverpaymentKind
    source: str
    amount: int
    kept_of: str = ""
    by_rule: bool = False
    """Of a waiver: because it is small, and not by two people."""


def what_follows(bills: Mapping[str, Bill], small: int = WAIVED_UP_TO) -> tuple[list[Step], dict[str, Bill]]:
    """The steps, and how the bills stand after them. `bills` are by source, the oldest first. `small`: what may be
    waived by rule, in fen, less what is waived so already.
    """
    steps: list[Step] = []
    after = dict(bills)

    def take(found: Iterable[Step]) -> None:
        for step in found:
            steps.append(step)
            after[step.source] = _changed(after[step.source], step)
            if step.kept_of:
                after[step.kept_of] = replace(after[step.kept_of], payable=after[step.kept_of].payable - step.amount)

    for source, bill in bills.items():
        take(_alone(source, bill))
    take(_set_off(after))
    if sum(bill.receivable for bill in after.values()) <= small:
        take(replace(step, by_rule=True) for step in waive_all(after))
    return steps, after


def waive_all(bills: Mapping[str, Bill]) -> list[Step]:
    return [Step(OverpaymentKind.WAIVED, source, one.receivable) for source, one in bills.items() if one.receivable > 0]


def _alone(source: str, bill: Bill) -> Iterator[Step]:
    """What one bill needs before others are looked at.

    What was waived is taken back as far as it is due by now: the insured has it already.
    """
    payable, receivable = max(bill.payable, 0), bill.receivable - min(bill.payable, 0)
    if bill.payable < 0:
        yield Step(OverpaymentKind.FOUND, source, -bill.payable)
    given_back = min(bill.waived, max(0, payable - receivable))
    if given_back > 0:
        yield Step(OverpaymentKind.WAIVER_BACK, source, given_back)
        receivable += given_back
    if receivable < 0:
        yield Step(OverpaymentKind.NOT_OWED, source, -receivable)
    elif min(payable, receivable) > 0:
        yield Step(OverpaymentKind.SET_OFF, source, min(payable, receivable), source)


def _set_off(bills: Mapping[str, Bill]) -> Iterator[Step]:
    """The oldest debts from the oldest claims. `bills` may change meanwhile: only its amounts of now are used."""
    owed = {source: bill.payable for source, bill in bills.items() if bill.payable > 0}
    for source, debt in [(source, bill.receivable) for source, bill in bills.items() if bill.receivable > 0]:
        left = debt
        for kept_of, there in owed.items():
            amount = min(left, there)
            if amount > 0:
                owed[kept_of] -= amount
                left -= amount
                yield Step(OverpaymentKind.SET_OFF, source, amount, kept_of)


def _changed(bill: Bill, step: Step) -> Bill:
    match step.kind:
        case OverpaymentKind.FOUND | OverpaymentKind.NOT_OWED:
            return replace(bill, payable=bill.payable + step.amount, receivable=bill.receivable + step.amount)
        case OverpaymentKind.WAIVED:
            return replace(bill, receivable=bill.receivable - step.amount, waived=bill.waived + step.amount)
        case OverpaymentKind.WAIVER_BACK:
            return replace(bill, receivable=bill.receivable + step.amount, waived=bill.waived - step.amount)
    return replace(bill, receivable=bill.receivable - step.amount)
