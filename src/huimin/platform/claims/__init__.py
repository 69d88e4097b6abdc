"""Settlements, member-years, decisions and reviews."""
