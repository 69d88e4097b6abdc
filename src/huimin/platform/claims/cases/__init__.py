"""A held bill as a case: what happened to it, whose turn it is, what is due when, and who works on it (ADR 29)."""
