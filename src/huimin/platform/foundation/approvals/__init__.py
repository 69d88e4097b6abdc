"""Decisions that need two people: one proposes, and another who sees the same agrees or sends it back (ADR 30)."""
