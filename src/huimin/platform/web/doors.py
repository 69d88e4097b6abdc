"""Whether enrolment is open today. Pages offer to enrol only while it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huimin.platform.catalogue.api import plan_on_sale, terms_of
from huimin.platform.enrolment.api import late_joining_open
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City

__all__ = ["Door", "enrolment_door"]


@dataclass(frozen=True, slots=True)
class Door:
    """The enrolment window as seen on `day`. `late`: the window is over, and the terms still let some people join."""

    day: date
    first_day: date
    last_day: date
    late: bool

    @property
    def is_open(self) -> bool:
        return self.first_day <= self.day <= self.last_day

    @property
    def offers(self) -> bool:
        """Whether pages offer to join."""
        return self.is_open or self.late

    @property
    def is_to_come(self) -> bool:
        return self.day < self.first_day

    @property
    def days_left(self) -> int:
        return (self.last_day - self.day).days + 1


def enrolment_door(city: City) -> Door | None:
    """The enrolment window of the plan year on sale; None where no plan is on sale."""
    year = plan_on_sale(city)
    if year is None:
        return None
    day, (first, last) = today(city), year.window
    return Door(day, first, last, late_joining_open(terms_of(year).plan, year.window, day))
