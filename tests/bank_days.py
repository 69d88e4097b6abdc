"""Statements of the bank, as a test wants them, and payouts that stand on them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from huimin.platform.foundation.models import City
from huimin.sandbox.bank import Line, bank_statement
from servicing_support import day_is

__all__ = ["bank_line", "next_day", "stated"]


def bank_line(day: date, key: str, fen: int, number: str = "B1", at: str = "10:00:00") -> Line:
    """Money out, or with fen below zero money that came back."""
    return Line(datetime.fromisoformat(f"{day} {at}"), number, key, fen)


def stated(*lines: Line, kind: str = "") -> str:
    """The statement of these lines, as the sandbox's bank writes it."""
    return bank_statement(lines, kind)


def next_day(city: City) -> date:
    """The day is over. Returns it."""
    day = city.demonstration_day
    assert day is not None
    day_is(city, day + timedelta(days=1))
    return day
