"""The actuary's desk: what a plan's own terms would have cost, what is still to be paid, who joins at which price.

Figures here are estimates and therefore floats, in yuan. Decisions and the books are whole fen and are made elsewhere.
"""

from huimin.extras import require

require("actuarial", "huimin.actuarial")
