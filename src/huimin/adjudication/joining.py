"""When a member's cover begins who joins on a given day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from huimin.adjudication.compiling import compile_condition
from huimin.adjudication.facts import UnknownFactError, holds, member_facts
from huimin.errors import InputError
from huimin.settlement import Member

if TYPE_CHECKING:
    from huimin.terms.model import Plan

__all__ = ["cover_begins"]

_DECEMBER = 12


def cover_begins(plan: Plan, member: Member, day: date) -> date:
    """The first day of cover of a member who joins on `day`.

    Inside the window it is the plan's own; after it the first entry of `late` that fits decides. Raises InputError:
    `unknown_terms` where the window is not known, `window_closed`, `missing_fact`.
    """
    window, first = plan.enrolment, plan.cover.first_day
    if window.first_day is None or window.last_day is None:
        raise InputError(f"the enrolment window of {plan.id} is not known", code="unknown_terms")
    if window.first_day <= day <= window.last_day:
        return max(first, day + timedelta(days=1))
    facts = member_facts(first, member)
    for late in window.late if day > window.last_day else ():
        try:
            fits = day <= late.last_day and holds(compile_condition(late.when), facts)
        except UnknownFactError as error:
            message = f"joining after the window depends on {error.fact}, which is not known of this member"
            raise InputError(message, code="missing_fact") from error
        if fits:
            return {"first_day": first, "next_day": max(first, day + timedelta(days=1))}.get(
                late.begins, max(first, _next_month(day))
            )
    raise InputError(
        f"found the day {day}; expected one from {window.first_day} to {window.last_day}", code="window_closed"
    )


def _next_month(day: date) -> date:
    return date(day.year + 1, 1, 1) if day.month == _DECEMBER else date(day.year, day.month + 1, 1)
