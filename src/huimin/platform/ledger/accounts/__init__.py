"""The accounts of the money map, one file for each group. A new group is a new file that is named here and has a
verification.

`ledger/verification.py` refuses to verify a city as long as nobody computes some group again from facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from huimin.platform.ledger.accounts import claims, clearing, fees, insurers, makers, premium, subsidies
from huimin.platform.ledger.accounts.account import Account, Group, Side, Words
from huimin.platform.ledger.accounts.claims import (
    CLAIM_IN_PAYMENT,
    CLAIM_PAYABLE,
    CLAIMS,
    CLAIMS_UNSHARED,
    INSURER_CLAIMS,
    OVERPAYMENT_RECEIVABLE,
    OVERPAYMENT_SET_OFF,
)
from huimin.platform.ledger.accounts.clearing import (
    ACCOUNT_AGENCY,
    ACCOUNT_HELD,
    AREA_CLEARING,
    BANK,
    CASH_DIFFERENCE,
    CASH_TILL,
    CLEARING,
    ORGANISATION_DEPOSIT,
    PROVIDER_CLEARING,
    RECEIPT_UNALLOCATED,
)
from huimin.platform.ledger.accounts.fees import FEE_PAYABLE, FEES, INSURER_FEES
from huimin.platform.ledger.accounts.insurers import INSURER_CURRENT, INSURERS
from huimin.platform.ledger.accounts.makers import INSURER_RETURNS, MAKER_DISPUTED, MAKER_RECEIVABLE, MAKERS
from huimin.platform.ledger.accounts.premium import (
    INSURER_PREMIUM,
    PAYER_RECEIVABLE,
    PREMIUM,
    PREMIUM_UNSHARED,
    REFUND_PAYABLE,
)
from huimin.platform.ledger.accounts.subsidies import PREMIUM_RECEIVABLE, SUBSIDIES, SUBSIDY_FUND

__all__ = [
    "ACCOUNTS",
    "ACCOUNT_AGENCY",
    "ACCOUNT_HELD",
    "AREA_CLEARING",
    "BANK",
    "CASH_DIFFERENCE",
    "CASH_TILL",
    "CLAIMS",
    "CLAIMS_UNSHARED",
    "CLAIM_IN_PAYMENT",
    "CLAIM_PAYABLE",
    "CLEARING",
    "FEES",
    "FEE_PAYABLE",
    "GROUPS",
    "INSURERS",
    "INSURER_CLAIMS",
    "INSURER_CURRENT",
    "INSURER_FEES",
    "INSURER_PREMIUM",
    "INSURER_RETURNS",
    "MAKERS",
    "MAKER_DISPUTED",
    "MAKER_RECEIVABLE",
    "ORGANISATION_DEPOSIT",
    "OVERPAYMENT_RECEIVABLE",
    "OVERPAYMENT_SET_OFF",
    "PAYER_RECEIVABLE",
    "PREMIUM",
    "PREMIUM_RECEIVABLE",
    "PREMIUM_UNSHARED",
    "PROVIDER_CLEARING",
    "RECEIPT_UNALLOCATED",
    "REFUND_PAYABLE",
    "SUBSIDIES",
    "SUBSIDY_FUND",
    "Account",
    "Group",
    "Side",
    "Words",
]

GROUPS = (CLEARING, PREMIUM, SUBSIDIES, CLAIMS, FEES, MAKERS, INSURERS)
ACCOUNTS: Mapping[str, Account] = MappingProxyType(
    {
        account.code: account
        for group in (clearing, premium, subsidies, claims, fees, makers, insurers)
        for account in group.ACCOUNTS
    }
)
"""All accounts, by the code that the journal has."""
