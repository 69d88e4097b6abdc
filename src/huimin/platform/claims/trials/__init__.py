"""Settlement in two messages: a trial says what a bill would be paid, and a confirmation settles it (ADR 47)."""
