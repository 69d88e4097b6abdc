"""Enrolling many people at once: organisations that pay for them, the files they send, and what came of each row."""
