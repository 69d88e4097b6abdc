"""The first day of cover of a member who joins on a given day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from huimin.adjudication.compiling import compile_condition
from huimin.adjudication.condition_facts import UnknownFactError, holds, member_facts
from huimin.errors import InputError
from huimin.settlement import Member

if TYPE_CHECKING:
    from huimin.terms.model import Plan

__all__ = ["cover_begins"]

_DECEMBER = 12


def cover_begins(plan: Plan, member: Member, day: date, window: tuple[date, date] | None = None) -> date:
    """The first day of cover of a member who joins on `day`, which is the day they pay.

    Inside the window it is the plan's first day; after it the first entry of `late` that fits decides. `window` is
    given where the city has published another first and last day than the terms have. Raises InputError:
    `unknown_terms` if the window is not known, `window_closed`, `missing_fact`, and `cover_over` if cover would begin
    after the year ended.
    """
    first_day, last_day = window or (plan.enrolment.first_day, plan.enrolment.last_day)
    if first_day is None or last_day is None:
        raise InputError(f"the enrolment window of {plan.id} is not known", code="unknown_terms")
    if first_day <= day <= last_day:
        begins = max(plan.cover.first_day, day + timedelta(days=1))
    elif day > last_day:
        begins = _late(plan, member, day, (first_day, last_day))
    else:
        raise _closed(day, (first_day, last_day))
    if begins > plan.cover.last_day:
        message = (
            f"cover of those who join on {day} would begin on {begins}; the cover year ends on {plan.cover.last_day}"
        )
        raise InputError(message, code="cover_over")
    return begins


def _late(plan: Plan, member: Member, day: date, window: tuple[date, date]) -> date:
    first = plan.cover.first_day
    facts = member_facts(first, member)
    for late in plan.enrolment.late:
        try:
            fits = day <= late.last_day and holds(compile_condition(late.when), facts)
        except UnknownFactError as error:
            message = f"joining after the window depends on {error.fact}, which is not known of this member"
            raise InputError(message, code="missing_fact") from error
        if fits:
            return {"first_day": first, "next_day": max(first, day + timedelta(days=1))}.get(
                late.begins, max(first, _next_month(day))
            )
    raise _closed(day, window)


def _closed(day: date, window: tuple[date, date]) -> InputError:
    return InputError(f"found the day {day}; expected one from {window[0]} to {window[1]}", code="window_closed")


def _next_month(day: date) -> date:
    return date(day.year + 1, 1, 1) if day.month == _DECEMBER else date(day.year, day.month + 1, 1)
