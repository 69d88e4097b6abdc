"""Everything of `pool` that other contexts may import."""

from __future__ import annotations

from huimin.platform.pool.models import Insurer
from huimin.platform.pool.selectors import (
    ShareTable,
    asking_shares,
    insurer_codes,
    leading_insurer,
    share_table,
    shares_of_plan_year,
)
from huimin.platform.pool.services import (
    Claim,
    Premium,
    claim_entries,
    premium_change,
    premium_entries,
    register_insurer,
    set_shares,
    waiver_entries,
)
from huimin.platform.pool.statements import close_months, refuse_closed_day

__all__ = [
    "Claim",
    "Insurer",
    "Premium",
    "ShareTable",
    "asking_shares",
    "claim_entries",
    "close_months",
    "insurer_codes",
    "leading_insurer",
    "premium_change",
    "premium_entries",
    "refuse_closed_day",
    "register_insurer",
    "set_shares",
    "share_table",
    "shares_of_plan_year",
    "waiver_entries",
]
