"""Money that came to our account for what was paid too much, by the bank's statement."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.models import City
from huimin.platform.payouts.models import OverpaymentKind, OverpaymentMove
from huimin.platform.payouts.overpayments.balancing import Bill, Step
from huimin.platform.payouts.overpayments.settling import bills_of, settle, take_steps
from huimin.platform.payouts.policies import locked_policy
from huimin.platform.tasks.api import enqueue

__all__ = ["policy_named_in", "repaid", "repayments_in", "repayments_of_day"]

_POLICY = re.compile(r"HM\d{17}")


def policy_named_in(remark: str) -> str:
    """The policy's number in what a payer wrote: with blanks, in small or wide letters; "" where there is none, or
    more than one.
    """
    found = set(_POLICY.findall(re.sub(r"\s", "", unicodedata.normalize("NFKC", remark)).upper()))
    return found.pop() if len(found) == 1 else ""


def repaid(*, city: City, transaction: str, policy_number: str, amount: int, at: datetime) -> bool:
    """The statement has money for this policy: it pays back the oldest debts first, and what is too much is owed to the
    insured again, and paid. Call it in a transaction.

    False, and nothing follows, where it was booked already, the policy is not ours, or nothing is owed back: then a
    person looks. `transaction`: the bank's name of the movement; `at`: when the bank booked it.
    """
    policy = locked_policy(city, policy_number) if policy_number else None
    if policy is None or repayments_in(city, {transaction}):
        return False
    by = queue_actor(city).text
    settle(policy, by)
    steps = paying_back(bills_of(policy), amount)
    if not steps:
        return False
    take_steps(policy, steps, by, transaction, at)
    settle(policy, by)
    key = f"repaid-{hashlib.sha256(transaction.encode()).hexdigest()[:24]}"
    enqueue(city=city, kind="pay_claims", key=key, payload={"policy": policy.number})
    return True


def paying_back(bills: Mapping[str, Bill], amount: int) -> list[Step]:
    """The debts that an amount pays back, the oldest first; what is too much goes to the last of them."""
    owing = [(source, bill.receivable) for source, bill in bills.items() if bill.receivable > 0]
    parts: dict[str, int] = {}
    left = amount
    for source, fen in owing:
        parts[source] = min(left, fen)
        left -= parts[source]
    if owing:
        parts[owing[-1][0]] += left
    return [Step(OverpaymentKind.REPAID, source, part) for source, part in parts.items() if part > 0]


def repayments_in(city: City, transactions: set[str]) -> dict[str, tuple[str, int]]:
    """By the bank's name of a movement: the policy that it was for, and its amount in fen."""
    found: dict[str, tuple[str, int]] = {}
    for move in OverpaymentMove.objects.fetch(city, {"transaction": sorted(transactions)}, order_by=("id",)):
        _number, before = found.get(move.transaction, ("", 0))
        found[move.transaction] = (move.policy_number, before + move.amount)
    return found


def repayments_of_day(city: City, start: datetime, end: datetime) -> set[str]:
    """The bank's names of the movements that it booked from `start` on and before `end`."""
    rows = OverpaymentMove.objects.of(city).filter(kind=OverpaymentKind.REPAID, happened_at__gte=start)
    return set(rows.filter(happened_at__lt=end).values_list("transaction", flat=True))
