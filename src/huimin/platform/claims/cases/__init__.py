"""A held bill as a case: what has happened to it, who has to act next, what is due when, and who works on it (ADR
29).
"""
