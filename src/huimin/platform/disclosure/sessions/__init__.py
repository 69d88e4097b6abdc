"""Enrolment sessions kept so that they can be replayed: the bytes that were sent, when, and what was tapped."""
