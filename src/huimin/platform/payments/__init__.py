"""Money in and out: payments, notices, receipts, refunds, and what a person has to look at."""
