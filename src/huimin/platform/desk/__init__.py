"""The actuary's studies as tasks: prices, years to come and other terms, on a synthetic city."""
