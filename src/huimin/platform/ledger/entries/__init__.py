"""Makes journal entries: one pure function for each event of the money map, from amounts and names to an entry.

The same functions make the entries that are posted and the ones that the verification expects.
"""

from __future__ import annotations

from huimin.platform.ledger.entries.cash import (
    cash_banked,
    cash_owed_back,
    cash_paid_out,
    cash_taken,
    cash_without_cover,
)
from huimin.platform.ledger.entries.claims import (
    CLAIM_SHARED,
    Owed,
    claim_decided,
    claim_shared,
    overpayment_repaid,
    payout_confirmed,
    payout_returned,
    payout_sent,
)
from huimin.platform.ledger.entries.entry import Entry, Line
from huimin.platform.ledger.entries.organisations import (
    organisation_given_back,
    organisation_paid_in,
    organisation_paid_out,
    organisation_pays,
)
from huimin.platform.ledger.entries.personal_accounts import (
    areas_settled,
    one_area_owes_another,
    payer_paid_after_strike_out,
    personal_account_approved,
    personal_account_held,
    personal_account_offset,
    personal_account_return_sent,
    personal_account_return_struck_out,
    personal_account_returned,
    personal_account_struck_out,
    personal_account_transferred,
    premium_back_to_account,
    premium_back_to_agency,
    premium_back_to_debt,
)
from huimin.platform.ledger.entries.premium import (
    PREMIUM_SHARED,
    premium_no_longer_owed,
    premium_owed_by_funds,
    premium_paid_by_company,
    premium_returned,
    premium_shared,
    receipt_allocated,
    receipt_owed_back,
    receipt_unallocated,
    refund_sent,
    subsidy_drawn,
    subsidy_received,
    subsidy_returned,
)
from huimin.platform.ledger.entries.rounding import rounding_evened

__all__ = [
    "CLAIM_SHARED",
    "PREMIUM_SHARED",
    "Entry",
    "Line",
    "Owed",
    "areas_settled",
    "cash_banked",
    "cash_owed_back",
    "cash_paid_out",
    "cash_taken",
    "cash_without_cover",
    "claim_decided",
    "claim_shared",
    "one_area_owes_another",
    "organisation_given_back",
    "organisation_paid_in",
    "organisation_paid_out",
    "organisation_pays",
    "overpayment_repaid",
    "payer_paid_after_strike_out",
    "payout_confirmed",
    "payout_returned",
    "payout_sent",
    "personal_account_approved",
    "personal_account_held",
    "personal_account_offset",
    "personal_account_return_sent",
    "personal_account_return_struck_out",
    "personal_account_returned",
    "personal_account_struck_out",
    "personal_account_transferred",
    "premium_back_to_account",
    "premium_back_to_agency",
    "premium_back_to_debt",
    "premium_no_longer_owed",
    "premium_owed_by_funds",
    "premium_paid_by_company",
    "premium_returned",
    "premium_shared",
    "receipt_allocated",
    "receipt_owed_back",
    "receipt_unallocated",
    "refund_sent",
    "rounding_evened",
    "subsidy_drawn",
    "subsidy_received",
    "subsidy_returned",
]
