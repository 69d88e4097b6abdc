"""What must hold between the amounts of a bill before it may be adjudicated without a person looking at it.

Source: 医疗保障基金结算清单填写规范 (2021) and the interface definition of setlinfo. An identity is checked when all
its required parts are known; an optional part counts only where it was reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from huimin.errors import Refusal
from huimin.money import format_yuan
from huimin.settlement.record import FUND_FIELDS, OTHER_PAYERS, Settlement

__all__ = ["IDENTITIES", "Identity", "Imbalance", "check_amounts", "first_imbalance"]


@dataclass(frozen=True, slots=True)
class Identity:
    """whole = the sum of `parts` (required) + the sum of `optional` (where reported)."""

    code: str
    whole: str
    parts: tuple[str, ...]
    optional: tuple[str, ...] = ()
    at_most: bool = False
    """The parts need not be the whole: they may add up to less, but not to more."""


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A bill whose amounts do not add up. `difference` = whole − parts, in fen, never 0."""

    code: str
    identity: Identity
    whole: int
    difference: int

    @property
    def values(self) -> dict[str, str]:
        """The amounts and fields that the sentence names, for a sentence in another language."""
        return {
            "whole": self.identity.whole,
            "whole_amount": format_yuan(self.whole),
            "parts": " + ".join(self.identity.parts + self.identity.optional),
            "parts_amount": format_yuan(self.whole - self.difference),
            "difference": format_yuan(abs(self.difference)),
        }

    def __str__(self) -> str:
        parts = " + ".join(self.identity.parts + self.identity.optional)
        return (
            f"{self.identity.whole} = {format_yuan(self.whole)} but {parts} = "
            f"{format_yuan(self.whole - self.difference)}; the difference of {format_yuan(self.difference)} "
            "is not explained"
        )


IDENTITIES = (
    Identity(
        "unbalanced_scope",
        "medfee_sumamt",
        ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt"),
    ),
    Identity("unbalanced_total", "medfee_sumamt", ("fund_pay_sumamt", "psn_part_amt"), ("hosp_part_amt",)),
    Identity("unbalanced_funds", "fund_pay_sumamt", FUND_FIELDS),
    Identity("unbalanced_personal", "psn_part_amt", ("acct_pay", "psn_cash_pay"), ("acct_mulaid_pay",)),
    Identity("self_funded_above_personal", "psn_part_amt", ("fulamt_ownpay_amt",), at_most=True),
    Identity("other_payers_above_personal", "psn_part_amt", (), OTHER_PAYERS, at_most=True),
)


@lru_cache(maxsize=1024)
def _checkable(reported: tuple[str, ...]) -> tuple[tuple[Identity, tuple[str, ...]], ...]:
    """The identities whose required parts a bill with these fields has, each with all the parts that it has."""
    found = []
    for identity in IDENTITIES:
        if identity.whole in reported and all(part in reported for part in identity.parts):
            optional = (part for part in identity.optional if part in reported)
            found.append((identity, (*identity.parts, *optional)))
    return tuple(found)


def first_imbalance(amounts: Mapping[str, int]) -> Imbalance | None:
    """The first identity that does not hold for these amounts (fen), or None."""
    for identity, parts in _checkable(tuple(amounts)):
        difference = amounts[identity.whole]
        for part in parts:
            difference -= amounts[part]
        if difference and (difference < 0 or not identity.at_most):
            return Imbalance(identity.code, identity, amounts[identity.whole], difference)
    return None


def check_amounts(settlement: Settlement) -> Refusal | None:
    """Why a bill's own content keeps it from being adjudicated: unreadable, negative or unbalanced. None if nothing
    does.
    """
    if settlement.fault is not None:
        return settlement.fault
    amounts = settlement.amounts
    if amounts and min(amounts.values()) < 0:
        name, amount = next((name, amount) for name, amount in amounts.items() if amount < 0)
        reason = f"{name} is {format_yuan(amount)}; expected an amount that is not negative"
        return Refusal(settlement.setl_id, "negative_amount", reason, {"field": name, "found": format_yuan(amount)})
    imbalance = first_imbalance(amounts)
    if imbalance is None:
        return None
    return Refusal(settlement.setl_id, imbalance.code, str(imbalance), imbalance.values)
