"""Insurers' current accounts: what a closed statement leaves between the pool and each insurer."""

from __future__ import annotations

from huimin.platform.ledger.accounts.account import Account, Group, Side, Words
from huimin.platform.ledger.parties import PartyKind

__all__ = ["ACCOUNTS", "INSURERS", "INSURER_CURRENT"]

INSURERS = Group(
    "insurers",
    Words("保险公司往来", "Insurers' current accounts"),
    Words(
        "账单结清后共保体与各保险公司之间的往来。",
        "What the pool and each insurer owe each other after a statement is closed.",
    ),
)
INSURER_CURRENT = Account(
    "insurer_current",
    INSURERS,
    Words("保险公司往来款", "Current account of an insurer"),
    Words(
        "账单轧差后应付给（负数为应收）各保险公司的款项。",
        "What is owed to an insurer after netting a statement, or (below zero) by it.",
    ),
    Side.CREDIT,
    (PartyKind.INSURER,),
    cleared=True,
)
ACCOUNTS = (INSURER_CURRENT,)
