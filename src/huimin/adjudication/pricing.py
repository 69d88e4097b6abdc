"""What a plan year costs a member: the narrowest price whose condition the member meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin.adjudication.compiling import compile_prices
from huimin.adjudication.facts import UnknownFactError, holds, member_facts
from huimin.errors import InputError
from huimin.settlement import Member

if TYPE_CHECKING:
    from huimin.terms.model import Plan

__all__ = ["price_for"]


def price_for(plan: Plan, member: Member) -> int | None:
    """Fen for the cover year; None where the plan's premium is not known. Raises InputError (`missing_fact`)."""
    facts = member_facts(plan.cover.first_day, member)
    try:
        return next(price for when, price in compile_prices(plan) if holds(when, facts))
    except UnknownFactError as error:
        message = f"the price depends on {error.fact}, which is not known of this member"
        raise InputError(message, code="missing_fact") from error
