"""Who joins at which price and terms, who stays, and what the next price must be."""

from huimin.actuarial.market.choosing import Levers, Market, build_market, market_parameters
from huimin.actuarial.market.estimating import Selection, estimate_selection
from huimin.actuarial.market.renewing import MarketYear, Remedy, Renewal, by_price, remedies, renew, spirals

__all__ = [
    "Levers",
    "Market",
    "MarketYear",
    "Remedy",
    "Renewal",
    "Selection",
    "build_market",
    "by_price",
    "estimate_selection",
    "market_parameters",
    "remedies",
    "renew",
    "spirals",
]
