"""Settlements, member-years, decisions, and reviews of held bills."""
