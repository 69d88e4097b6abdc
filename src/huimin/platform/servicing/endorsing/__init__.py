"""Endorsements: what corrects or changes the facts of a policy, and what follows from it (ADR 40)."""
