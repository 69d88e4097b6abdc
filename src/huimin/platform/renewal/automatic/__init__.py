"""Automatic renewal: announced by two roads, then paid from the account, and undone by one word."""
