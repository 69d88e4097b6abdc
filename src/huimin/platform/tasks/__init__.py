"""The one queue of work: everything that is to be done after a commit, later, or at a certain hour (ADR 25)."""
