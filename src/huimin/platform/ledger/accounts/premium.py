"""Premium: what is still to be shared, what each insurer has received of it, and what is owed back to payers."""

from __future__ import annotations

from huimin.platform.ledger.accounts.account import Account, Group, Side, Words
from huimin.platform.ledger.parties import PartyKind

__all__ = ["ACCOUNTS", "INSURER_PREMIUM", "PAYER_RECEIVABLE", "PREMIUM", "PREMIUM_UNSHARED", "REFUND_PAYABLE"]

PREMIUM = Group(
    "premium",
    Words("保费", "Premium"),
    Words(
        "保单的保费：待分配、已分给各保险公司、应退给付款人。",
        "Policies' premium: to be shared, shared out, or owed back.",
    ),
)
PREMIUM_UNSHARED = Account(
    "premium_unshared",
    PREMIUM,
    Words("保费待分配", "Premium to be shared"),
    Words(
        "已确认、尚未分给保险公司的保费；出单时当即分配，平时为零。",
        "Premium that is not shared out yet. It is shared in the same transaction, so that it is usually zero.",
    ),
    Side.CREDIT,
    cleared=True,
    items_by_cause=True,
)
INSURER_PREMIUM = Account(
    "insurer_premium",
    PREMIUM,
    Words("保险公司保费", "Premium of insurers"),
    Words("各保险公司按份额分得的保费。", "What each insurer has received of the premium by its share."),
    Side.CREDIT,
    (PartyKind.INSURER,),
)
REFUND_PAYABLE = Account(
    "refund_payable",
    PREMIUM,
    Words("应退保费", "Premium owed back"),
    Words(
        "应退还付款人的款项：多付、重复付款、不能承保。",
        "What payers are owed back: a wrong amount, paid twice, or cover that could not be given.",
    ),
    Side.CREDIT,
    cleared=True,
)
PAYER_RECEIVABLE = Account(
    "payer_receivable",
    PREMIUM,
    Words("应收投保人保费", "Premium owed by payers"),
    Words(
        "经办机构剔除后保单继续有效、应由付款人补缴的保费。",
        "Premium of policies that stay in force after an agency struck the account's payment out: the payer owes it.",
    ),
    Side.DEBIT,
    cleared=True,
)
ACCOUNTS = (PREMIUM_UNSHARED, INSURER_PREMIUM, REFUND_PAYABLE, PAYER_RECEIVABLE)
