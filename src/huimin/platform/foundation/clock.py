"""The injected clock: the only place where the platform asks what time it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from huimin.platform.foundation.models import City

__all__ = ["FUTURE_TOLERANCE", "begin_of", "month_after", "now", "today"]

FUTURE_TOLERANCE = timedelta(hours=24)
"""A bill may be dated this far ahead of our clock, since hospitals' clocks differ a little."""


def now(city: City) -> datetime:
    """The moment in this city, with its time zone. A demonstration city has its own day and the real time of day."""
    moment = timezone.localtime()
    day = city.demonstration_day
    return moment if day is None else moment.replace(year=day.year, month=day.month, day=day.day)


def today(city: City) -> date:
    return now(city).date()


def month_after(day: date) -> date:
    """The first day of the month after this one's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def begin_of(day: date) -> datetime:
    """The first moment of a day, with its time zone."""
    return timezone.make_aware(datetime.combine(day, time()))
