"""The one queue of work: what is to be done after commit, later, or at a certain hour (ADR 25)."""
