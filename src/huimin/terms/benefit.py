"""What a benefit can say: its base, deductible, tiers, adjustments, limits, and to whom and when it applies."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from huimin.terms.conditions import Identifier, Setting, When
from huimin.terms.values import Bilingual, Fen, Points, QuantityName, Rate, Sourced, SourceName, Strict, Text

__all__ = [
    "Adjustment",
    "Benefit",
    "Deductible",
    "DeductibleVariant",
    "ItemBase",
    "ItemList",
    "Limit",
    "ListedItem",
    "Residual",
    "Tier",
    "Undecided",
    "Variant",
    "Waiting",
]


class Residual(Strict):
    """A base made of quantities: one, less others, less what earlier benefits paid on the same settlement."""

    quantity: QuantityName
    less: tuple[QuantityName, ...] = ()
    less_benefits: tuple[Identifier, ...] = ()


class ItemBase(Strict):
    """A base that is the cost of the bill's items on one of the plan's lists, on the day they were dispensed."""

    items_on: Identifier


class ListedItem(Strict):
    """A drug or implant on a list for some days, both included; for some indications where they are named."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,60}$")]
    name: Text
    from_day: date | None = None
    to_day: date | None = None
    indications: tuple[Text, ...] = ()
    year_limit_yuan: Fen | None = None
    """Most of its cost that counts in a year."""


class ItemList(Sourced):
    id: Identifier
    name: Bilingual
    item: tuple[ListedItem, ...] = ()
    unknown: Text | None = None
    """Why the list's items are not here: bills on which it matters go to a human."""


class DeductibleVariant(Sourced):
    when: When
    yuan: Fen


class Deductible(Sourced):
    """Borne by the insured before the benefit starts. Deductibles with the same `shared` name are used up together."""

    per: Literal["year", "settlement"]
    yuan: Fen | None = None
    parameter: Identifier | None = None
    unknown: Text | None = None
    """Why the amount is not here: the benefit is then not decided."""
    variants: tuple[DeductibleVariant, ...] = ()
    shared: Identifier | None = None


class Tier(Strict):
    """A band, from (exclusive) to (inclusive), and the share the plan pays of it."""

    above_yuan: Fen | None = None
    above_parameter: Identifier | None = None
    percent: Rate
    source: SourceName


class Variant(Strict):
    """Other tiers for the members and bills that meet a condition; or `unknown` says why they are not here."""

    when: When
    tiers: tuple[Tier, ...] = ()
    unknown: Text | None = None


class Adjustment(Sourced):
    """Percentage points added to (or taken from) every tier when the condition holds."""

    when: When
    percentage_points: Points


class Limit(Sourced):
    """The most that is paid: on one settlement, in a year, or ever. Those of one `shared` name are used up together."""

    per: Literal["year", "settlement", "life"]
    yuan: Fen | None = None
    unknown: Text | None = None
    """Why the amount is not here: such a limit limits nothing, and a plan with one cannot be put on sale."""
    when: When = When()
    shared: Identifier | None = None


class Waiting(Sourced):
    """Days from the first day of cover on which bills do not count, unless one of the conditions holds."""

    days: Annotated[int, Field(ge=1, le=366, strict=True)]
    waived: tuple[When, ...] = ()


class Undecided(Strict):
    """A care setting that the plan covers in part, by a list that is not known: its bills go to a human."""

    setting: Setting
    unknown: Text


class Benefit(Strict):
    """One thing the plan pays for. Either its terms are given, or `unknown` says why they are not."""

    id: Identifier
    name: Bilingual
    pays_for: Bilingual
    source: SourceName
    unknown: Text | None = None
    base: QuantityName | Residual | ItemBase | None = None
    settings: tuple[Setting, ...] = ()
    when: When = When()
    undecided: tuple[Undecided, ...] = ()
    waiting: Waiting | None = None
    deductible: Deductible | None = None
    tiers_on: Literal["excess", "gross"] = "excess"
    """Whether tiers count from the deductible on, or from the first yuan of the base."""
    tiers: tuple[Tier, ...] = ()
    tiers_unknown: Text | None = None
    """Why the rates are not here, where the rest is known: the benefit is then not decided."""
    variants: tuple[Variant, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    limits: tuple[Limit, ...] = ()
