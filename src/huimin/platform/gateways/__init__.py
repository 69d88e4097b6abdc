"""Doors to parties outside: one protocol for each party in its own words, one machinery for all calls (ADR 26).

Nothing that comes through a door is trusted before it was checked, and nothing inside waits for a door within a
transaction. There are no rules of insurance here, and no tables: what was asked and answered is kept by foundation.
"""
