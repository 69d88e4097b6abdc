"""What was paid too much: found, set off, asked back by letter, repaid or waived (ADR 48)."""
