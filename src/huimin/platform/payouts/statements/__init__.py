"""The bank's statement of each day beside our payouts: every line is one of them or its return, to the fen."""
