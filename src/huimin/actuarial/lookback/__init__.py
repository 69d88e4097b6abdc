"""The look-back of a cover year (精算回溯): actual against expected, reserves, ratios, and what must still be paid."""

from huimin.actuarial.lookback.experience import Claims, claims_of
from huimin.actuarial.lookback.review import Lookback, Valuation, look_back

__all__ = ["Claims", "Lookback", "Valuation", "claims_of", "look_back"]
