"""Seals: digests of facts in blocks, each chained to the one before, so that every change is noticed."""
