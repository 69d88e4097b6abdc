"""What earlier years mean for this one: pre-existing conditions, years without a claim, rewards."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from huimin.terms.conditions import Identifier, When
from huimin.terms.values import Bilingual, Sourced

__all__ = ["ClaimFree", "PreExisting", "Reward"]


class PreExisting(Sourced):
    """Which earlier diagnoses are pre-existing conditions: those of these groups, made before a day and, where
    `within_months` is given, not longer than that before it.

    diagnosed_before: `cover` is the first day of this cover year. `first_cover` is the first day of the earliest year
    since which the person has been insured without a break, so that an illness that begins while insured never becomes
    pre-existing.
    """

    groups: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    diagnosed_before: Literal["cover", "first_cover"]
    within_months: Annotated[int, Field(ge=1, le=600, strict=True)] | None = None


class ClaimFree(Sourced):
    """What makes a year one without a claim: no payment, or no bill at all, by these benefits (by any if none is
    named).
    """

    means: Literal["no_payment", "no_bill"]
    benefits: tuple[Identifier, ...] = ()


class Reward(Sourced):
    """A reward that is not money, for those who meet a condition. Lower deductibles and better rates are variants."""

    when: When
    gives: Bilingual
