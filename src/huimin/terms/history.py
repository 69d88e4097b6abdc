"""What earlier years mean for this one: pre-existing conditions, years without a claim, rewards."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from huimin.terms.conditions import Identifier, When
from huimin.terms.values import Bilingual, Sourced

__all__ = ["ClaimFree", "PreExisting", "Reward"]


class PreExisting(Sourced):
    """Which earlier diagnoses are pre-existing conditions: of these groups, before a day, not too long before it.

    diagnosed_before: `cover`, the first day of this cover year; or `first_cover`, that of the first of the years
    without a break, so that what one falls ill with while insured never becomes pre-existing.
    """

    groups: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    diagnosed_before: Literal["cover", "first_cover"]
    within_months: Annotated[int, Field(ge=1, le=600, strict=True)] | None = None


class ClaimFree(Sourced):
    """What makes a year one without a claim: no payment, or no bill at all, by these benefits (none named: by any)."""

    means: Literal["no_payment", "no_bill"]
    benefits: tuple[Identifier, ...] = ()


class Reward(Sourced):
    """Something that is not money for those who meet a condition. Lower deductibles and better rates are variants."""

    when: When
    gives: Bilingual
