"""What takes two people: one proposes, another who sees the same agrees or sends it back (ADR 30)."""
