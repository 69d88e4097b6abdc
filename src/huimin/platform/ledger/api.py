"""Everything of `ledger` that other contexts may import."""

from __future__ import annotations

from huimin.platform.ledger.accounts import (
    ACCOUNTS,
    CLAIMS,
    CLEARING,
    INSURER_CLAIMS,
    INSURER_PREMIUM,
    PREMIUM,
    SUBSIDIES,
)
from huimin.platform.ledger.books_check import ask_for_check, books_check
from huimin.platform.ledger.entries import (
    Entry,
    Owed,
    areas_settled,
    claim_decided,
    claim_shared,
    one_area_owes_another,
    personal_account_approved,
    personal_account_held,
    personal_account_offset,
    personal_account_returned,
    personal_account_struck_out,
    personal_account_transferred,
    premium_no_longer_owed,
    premium_owed_by_funds,
    premium_paid_by_company,
    premium_returned,
    premium_shared,
    receipt_allocated,
    receipt_owed_back,
    receipt_unallocated,
    refund_sent,
    rounding_evened,
    subsidy_drawn,
    subsidy_received,
    subsidy_returned,
)
from huimin.platform.ledger.open_items import OpenBalance, OpenItem, cleared_accounts, open_balances, open_items
from huimin.platform.ledger.parties import Party, PartyKind
from huimin.platform.ledger.parties import agency as agency_party
from huimin.platform.ledger.parties import bank as bank_party
from huimin.platform.ledger.parties import fund as fund_party
from huimin.platform.ledger.parties import policy as policy_party
from huimin.platform.ledger.parties import provider as provider_party
from huimin.platform.ledger.selectors import SharedSums, shared_by_month, shared_under, shown_balances
from huimin.platform.ledger.services import post
from huimin.platform.ledger.verification import Verification, register_verifier, verify_city

__all__ = [
    "ACCOUNTS",
    "CLAIMS",
    "CLEARING",
    "INSURER_CLAIMS",
    "INSURER_PREMIUM",
    "PREMIUM",
    "SUBSIDIES",
    "Entry",
    "OpenBalance",
    "OpenItem",
    "Owed",
    "Party",
    "PartyKind",
    "SharedSums",
    "Verification",
    "agency_party",
    "areas_settled",
    "ask_for_check",
    "bank_party",
    "books_check",
    "claim_decided",
    "claim_shared",
    "cleared_accounts",
    "fund_party",
    "one_area_owes_another",
    "open_balances",
    "open_items",
    "personal_account_approved",
    "personal_account_held",
    "personal_account_offset",
    "personal_account_returned",
    "personal_account_struck_out",
    "personal_account_transferred",
    "policy_party",
    "post",
    "premium_no_longer_owed",
    "premium_owed_by_funds",
    "premium_paid_by_company",
    "premium_returned",
    "premium_shared",
    "provider_party",
    "receipt_allocated",
    "receipt_owed_back",
    "receipt_unallocated",
    "refund_sent",
    "register_verifier",
    "rounding_evened",
    "shared_by_month",
    "shared_under",
    "shown_balances",
    "subsidy_drawn",
    "subsidy_received",
    "subsidy_returned",
    "verify_city",
]
