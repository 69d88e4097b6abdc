"""Subsidy funds: what donors and the government pay of premiums, by fund."""

from __future__ import annotations

from huimin.platform.ledger.accounts.account import Account, Group, Side, Words
from huimin.platform.ledger.parties import PartyKind

__all__ = ["ACCOUNTS", "PREMIUM_RECEIVABLE", "SUBSIDIES", "SUBSIDY_FUND"]

SUBSIDIES = Group(
    "subsidies",
    Words("资助资金", "Subsidy funds"),
    Words("政府和捐赠人为参保人负担的保费。", "What the government and donors pay of premiums."),
)
SUBSIDY_FUND = Account(
    "subsidy_fund",
    SUBSIDIES,
    Words("资助资金余额", "Left in subsidy funds"),
    Words("资助方已拨入、尚未用于保费的资金。", "What a fund paid in that no premium has been paid from yet."),
    Side.CREDIT,
    (PartyKind.FUND,),
)
PREMIUM_RECEIVABLE = Account(
    "premium_receivable",
    SUBSIDIES,
    Words("应收资助保费", "Premium owed by funds"),
    Words("保单已出、资助方尚未拨付的保费。", "Premium of issued policies that a fund owes and has not paid yet."),
    Side.DEBIT,
    (PartyKind.FUND,),
    cleared=True,
)
ACCOUNTS = (SUBSIDY_FUND, PREMIUM_RECEIVABLE)
