"""Enrolling people who stand before the staff: how they agreed, and the cash that they paid."""
