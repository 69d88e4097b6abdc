"""Subsidised cover (爱心保): funds of donors and departments, their rosters, and what is drawn for whom (ADR 35)."""
