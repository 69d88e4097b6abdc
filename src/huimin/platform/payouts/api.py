"""Everything of `payouts` that other contexts may import."""

from __future__ import annotations

from huimin.platform.payouts.accounts import accounts_of, ask_for_account_code, check_account, give_account
from huimin.platform.payouts.deciding import agree_to_payout, propose_payout
from huimin.platform.payouts.hospital_accounts import (
    agree_to_hospital_account,
    hospital_account,
    propose_hospital_account,
    proposed_hospital_accounts,
)
from huimin.platform.payouts.making import pay_policy
from huimin.platform.payouts.models import PayoutStatus
from huimin.platform.payouts.overpayments.reading import (
    Debt,
    debt_of_bills,
    debts_late,
    debts_of_policies,
    kept_of_bills,
    open_debts,
    proposed_waivers,
)
from huimin.platform.payouts.overpayments.waiving import agree_to_waiver, propose_waiver
from huimin.platform.payouts.payees import payee_of
from huimin.platform.payouts.paying_hospitals import account_to_pay, pay_hospital
from huimin.platform.payouts.reading import (
    PaidBill,
    PayoutFacts,
    open_payouts,
    payouts_numbered,
    payouts_of_bills,
    payouts_of_payee,
    payouts_open,
    payouts_to_hospital,
    proposed_payouts,
)
from huimin.platform.payouts.sending import asked_at_bank, take_answer
from huimin.platform.payouts.statements.booked import bank_code

__all__ = [
    "Debt",
    "PaidBill",
    "PayoutFacts",
    "PayoutStatus",
    "account_to_pay",
    "accounts_of",
    "agree_to_hospital_account",
    "agree_to_payout",
    "agree_to_waiver",
    "ask_for_account_code",
    "asked_at_bank",
    "bank_code",
    "check_account",
    "debt_of_bills",
    "debts_late",
    "debts_of_policies",
    "give_account",
    "hospital_account",
    "kept_of_bills",
    "open_debts",
    "open_payouts",
    "pay_hospital",
    "pay_policy",
    "payee_of",
    "payouts_numbered",
    "payouts_of_bills",
    "payouts_of_payee",
    "payouts_open",
    "payouts_to_hospital",
    "propose_hospital_account",
    "propose_payout",
    "propose_waiver",
    "proposed_hospital_accounts",
    "proposed_payouts",
    "proposed_waivers",
    "take_answer",
]
