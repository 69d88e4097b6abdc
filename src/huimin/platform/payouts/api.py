"""Everything of `payouts` that other contexts may import."""

from __future__ import annotations

from huimin.platform.payouts.accounts import accounts_of, ask_for_account_code, check_account, give_account
from huimin.platform.payouts.deciding import agree_to_payout, propose_payout
from huimin.platform.payouts.making import payee_of
from huimin.platform.payouts.models import PayoutStatus
from huimin.platform.payouts.reading import (
    PaidBill,
    open_payouts,
    payouts_of_bills,
    payouts_of_payee,
    payouts_open,
    proposed_payouts,
)
from huimin.platform.payouts.statements.booked import bank_code

__all__ = [
    "PaidBill",
    "PayoutStatus",
    "accounts_of",
    "agree_to_payout",
    "ask_for_account_code",
    "bank_code",
    "check_account",
    "give_account",
    "open_payouts",
    "payee_of",
    "payouts_of_bills",
    "payouts_of_payee",
    "payouts_open",
    "propose_payout",
    "proposed_payouts",
]
