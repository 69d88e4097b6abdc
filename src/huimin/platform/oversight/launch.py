"""A launch as it happens: who has joined, by which way, how long the queues are, what fails and why.

Every figure is summed in the database: a fixed number of statements, whatever the number of policies. What a process
found it keeps for some seconds, so that a wall of screens asks no more than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from huimin.money import BASIS, divide_half_up
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.enrolment.api import (
    enrolled_by_area,
    enrolled_by_channel,
    enrolled_by_decade,
    enrolled_by_means,
    enrolled_over_time,
    orders_waiting,
    refused_by_reason,
)
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import Remembered
from huimin.platform.foundation.selectors import clients
from huimin.platform.payments.api import cases_open
from huimin.platform.people.api import areas, count_by_area
from huimin.platform.tasks.api import Failing, Waiting, failing, waiting

__all__ = ["FEWEST_SHOWN", "Group", "Launch", "Step", "launch_of", "without_few"]

FEWEST_SHOWN = 10
"""Figures of fewer people are not shown to those who may not see persons."""
_KEPT_SECONDS = 10.0


class Step(StrEnum):
    """How long each bar over time is."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def span(self) -> timedelta:
        """How far back the bars go."""
        return {"minute": timedelta(hours=1), "hour": timedelta(days=1), "day": timedelta(days=92)}[self.value]


@dataclass(frozen=True, slots=True)
class Group:
    """People who have something in common. `count` is None where they are too few to be shown."""

    name: str
    count: int | None
    of: int = 0
    """How many there could be, where that is known."""

    @property
    def take_up(self) -> int:
        """In basis points."""
        return divide_half_up((self.count or 0) * BASIS, self.of) if self.of else 0


@dataclass(frozen=True, slots=True)
class Launch:
    """`by_area`, `by_channel`: names are codes of areas and channels; `web` for our own pages. Of `by_means`: kinds."""

    at: datetime
    enrolled: int
    target: int
    """People of the register: those who could join."""
    step: Step
    over_time: tuple[tuple[datetime, int | None], ...]
    by_channel: tuple[Group, ...]
    by_area: tuple[Group, ...]
    by_decade: tuple[Group, ...]
    by_means: tuple[Group, ...]
    orders_waiting: int
    cases: int
    waiting: tuple[Waiting, ...]
    failing: tuple[Failing, ...]
    refused: tuple[tuple[str, int | None], ...]
    """People who paid and could not be covered, by the code of the reason."""
    names: dict[str, tuple[str, str]]
    """Chinese and English name of each area and channel, by code."""

    @property
    def take_up(self) -> int:
        """In basis points."""
        return divide_half_up(self.enrolled * BASIS, self.target) if self.target else 0


_found: Remembered[tuple[int, int, str, bool], Launch] = Remembered(seconds=_KEPT_SECONDS)


def launch_of(city: City, plan_year: PlanYearFacts, *, step: Step | None = None, sees_persons: bool) -> Launch:
    """The launch now. Without a `step`, the finest over which enough people joined in one bar.

    `sees_persons`: whether figures of fewer than ten people are shown.
    """
    key = (city.pk, plan_year.id, step or "", sees_persons)
    found = _found.get(key, lambda: _launch(city, plan_year, step, sees_persons))
    return found or _launch(city, plan_year, step, sees_persons)


def _launch(city: City, plan_year: PlanYearFacts, asked: Step | None, sees_persons: bool) -> Launch:
    moment, people, place = now(city), count_by_area(city), areas(city)
    step, over_time = _over_time(city, plan_year, moment, asked)
    enrolled = enrolled_by_area(city, plan_year)
    by_area = [Group(area.code, enrolled.get(area.id, 0), people.get(area.id, 0)) for area in place]
    by_channel = [Group(code, count) for code, count in enrolled_by_channel(city, plan_year)]
    by_decade = [Group(str(decade), count) for decade, count in enrolled_by_decade(city, plan_year)]
    by_means = [Group(kind, count) for kind, count in enrolled_by_means(city, plan_year)]
    refused = [Group(reason, count) for reason, count in refused_by_reason(city, plan_year)]
    shown = without_few if not sees_persons else tuple
    few = 1 if sees_persons else FEWEST_SHOWN
    return Launch(
        at=moment,
        enrolled=sum(enrolled.values()),
        target=sum(people.values()),
        step=step,
        over_time=tuple((at, count if count == 0 or count >= few else None) for at, count in over_time),
        by_channel=shown(by_channel),
        by_area=shown(by_area),
        by_decade=shown(by_decade),
        by_means=shown(by_means),
        orders_waiting=orders_waiting(city, plan_year),
        cases=cases_open(city),
        waiting=tuple(waiting(city)),
        failing=tuple(failing(city)),
        refused=tuple((one.name, one.count) for one in shown(refused)),
        names={
            **{area.code: (area.name_zh, area.name_en) for area in place},
            **{client.code: (client.name_zh, client.name_en) for client in clients(city)},
        },
    )


def without_few(groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups without the figures of fewer than ten people.

    Where only one is left out the next smallest is too: the total would tell the one.
    """
    hidden = [place for place, one in enumerate(groups) if one.count is not None and 0 < one.count < FEWEST_SHOWN]
    if len(hidden) == 1:
        others = [place for place, one in enumerate(groups) if one.count and place not in hidden]
        hidden += sorted(others, key=lambda place: groups[place].count or 0)[:1]
    return tuple(Group(one.name, None, one.of) if place in hidden else one for place, one in enumerate(groups))


def _over_time(
    city: City, plan_year: PlanYearFacts, moment: datetime, asked: Step | None
) -> tuple[Step, list[tuple[datetime, int]]]:
    for step in [asked] if asked is not None else list(Step):
        found = enrolled_over_time(city, plan_year, step.value, moment - step.span, moment)
        if asked is not None or step is Step.DAY or max((count for _, count in found), default=0) >= FEWEST_SHOWN:
            return step, found
    raise AssertionError("days are always shown")  # pragma: no cover
