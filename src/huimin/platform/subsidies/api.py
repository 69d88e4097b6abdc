"""Everything of `subsidies` that other contexts may import."""

from __future__ import annotations

from huimin.platform.subsidies.amounts import FUND_KEY, fund_code
from huimin.platform.subsidies.drawing import Wanted, reserve
from huimin.platform.subsidies.facts import FundFacts
from huimin.platform.subsidies.selectors import funds_by_code
from huimin.platform.subsidies.sharing import Priced, shares_of
from huimin.platform.subsidies.verification import drawn_by_claim

__all__ = [
    "FUND_KEY",
    "FundFacts",
    "Priced",
    "Wanted",
    "drawn_by_claim",
    "fund_code",
    "funds_by_code",
    "reserve",
    "shares_of",
]
