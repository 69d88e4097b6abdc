"""What a city declared about its days: days off, working days and moratoria. They are events of the city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huimin.platform.foundation.clocks.calendar import Calendar
from huimin.platform.foundation.clocks.counting import Moratorium
from huimin.platform.foundation.events import Subject, that_stand
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City

__all__ = ["DAY_OFF", "MORATORIUM", "WORKED_DAY", "CityDays", "days_of_city", "subject_of_city"]

DAY_OFF, WORKED_DAY, MORATORIUM = "day_off_declared", "worked_day_declared", "moratorium_declared"
"""Kinds of events. The first two have a `day` in their data, the third a `first_day` and a `last_day`, as ISO dates."""


@dataclass(frozen=True, slots=True)
class CityDays:
    """What clocks in a city are counted by."""

    calendar: Calendar
    moratoria: tuple[Moratorium, ...]


def subject_of_city(city: City) -> Subject:
    return Subject("city", city.code)


def days_of_city(city: City) -> CityDays:
    """The city's calendar and moratoria. If a day was declared twice, the later declaration counts."""
    works: dict[date, bool] = {}
    moratoria = []
    for event in that_stand(history_of(city, subject_of_city(city)).events):
        if event.kind in (DAY_OFF, WORKED_DAY):
            works[date.fromisoformat(event.data["day"])] = event.kind == WORKED_DAY
        elif event.kind == MORATORIUM:
            first, last = (date.fromisoformat(event.data[name]) for name in ("first_day", "last_day"))
            moratoria.append(Moratorium(first, last))
    days_off = frozenset(day for day, worked in works.items() if not worked)
    worked_days = frozenset(day for day, worked in works.items() if worked)
    return CityDays(Calendar(days_off, worked_days), tuple(moratoria))
