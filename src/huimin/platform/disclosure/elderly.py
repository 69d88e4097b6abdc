"""From which age on extra care is owed: a plain page before paying, and a question afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from huimin.platform.people.api import PersonFacts

__all__ = ["ELDERLY_FROM_AGE", "anybody_elderly", "is_elderly"]

ELDERLY_FROM_AGE = 65
"""Completed years (金融机构产品适当性管理办法, in force from 2026-02-01, asks for extra care from this age)."""


def is_elderly(birth_date: date, day: date) -> bool:
    """Whether somebody born then is 65 or older on `day`."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday >= ELDERLY_FROM_AGE


def anybody_elderly(people: Iterable[PersonFacts], day: date) -> bool:
    return any(is_elderly(person.birth_date, day) for person in people)
