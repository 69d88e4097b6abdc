"""Fees: what the pool owes to those who work for it, by its agreement."""

from __future__ import annotations

from huimin.platform.ledger.accounts.account import Account, Group, Side, Words
from huimin.platform.ledger.parties import PartyKind

__all__ = ["ACCOUNTS", "FEES", "FEE_PAYABLE", "INSURER_FEES"]

FEES = Group(
    "fees",
    Words("费用", "Fees"),
    Words("按共保协议应付的服务费用。", "What the pool owes for services under its agreement."),
)
FEE_PAYABLE = Account(
    "fee_payable",
    FEES,
    Words("应付费用", "Fees payable"),
    Words("应付给服务方的费用，按收款方。", "What is owed for services, by creditor."),
    Side.CREDIT,
    (PartyKind.PROVIDER, PartyKind.AGENCY, PartyKind.INSURER, PartyKind.BANK),
    cleared=True,
)
INSURER_FEES = Account(
    "insurer_fees",
    FEES,
    Words("保险公司费用", "Fees of insurers"),
    Words("各保险公司按份额承担的费用。", "What each insurer bears of the fees by its share."),
    Side.DEBIT,
    (PartyKind.INSURER,),
)
ACCOUNTS = (FEE_PAYABLE, INSURER_FEES)
