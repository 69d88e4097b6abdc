"""Makers' returns: what drug makers give back on innovative drugs. Confidential."""

from __future__ import annotations

from huimin.platform.ledger.accounts.account import Account, Group, Side, Words
from huimin.platform.ledger.parties import PartyKind

__all__ = ["ACCOUNTS", "INSURER_RETURNS", "MAKERS", "MAKER_DISPUTED", "MAKER_RECEIVABLE"]

MAKERS = Group(
    "makers",
    Words("药企返还", "Makers' returns"),
    Words("药企就创新药返还的款项。", "What drug makers return on innovative drugs."),
    confidential=True,
)
MAKER_RECEIVABLE = Account(
    "maker_receivable",
    MAKERS,
    Words("应收药企返还", "Returns owed by makers"),
    Words("按协议已计提、药企尚未支付的返还。", "What a maker owes by its agreements and has not paid yet."),
    Side.DEBIT,
    (PartyKind.MAKER,),
    cleared=True,
)
MAKER_DISPUTED = Account(
    "maker_disputed",
    MAKERS,
    Words("有争议的药企返还", "Returns in dispute"),
    Words("药企提出异议、尚无结论的返还。", "What a maker disputes, until it is settled."),
    Side.DEBIT,
    (PartyKind.MAKER,),
    cleared=True,
)
INSURER_RETURNS = Account(
    "insurer_returns",
    MAKERS,
    Words("保险公司药企返还", "Returns of insurers"),
    Words("各保险公司按份额分得的返还。", "What each insurer has received of the returns by its share."),
    Side.CREDIT,
    (PartyKind.INSURER,),
)
ACCOUNTS = (MAKER_RECEIVABLE, MAKER_DISPUTED, INSURER_RETURNS)
