"""What a benefit can say: its base, deductible, tiers, adjustments, limits, and to whom and when it applies."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from huimin.terms.conditions import Identifier, Setting, When
from huimin.terms.values import Bilingual, Fen, Points, QuantityName, Rate, Sourced, SourceName, Strict, Text

__all__ = [
    "Adjustment",
    "Allowance",
    "AllowanceBase",
    "Benefit",
    "Deductible",
    "DeductibleVariant",
    "Document",
    "ItemBase",
    "ItemList",
    "Limit",
    "ListedItem",
    "Minimum",
    "Residual",
    "Rounding",
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


class Allowance(Sourced):
    """A fixed sum for each unit, whatever the bill costs. It is paid to the person and does not reduce the bill.

    per: a bill (the event), a day of the stay, or a month in which there is such a bill.
    """

    per: Literal["settlement", "day", "month"]
    fen: Fen = Field(alias="yuan")
    free_days: Annotated[int, Field(ge=0, le=60, strict=True)] = 0
    """Days at the start of each stay that bring nothing."""
    most_a_year: Annotated[int, Field(ge=1, le=366, strict=True)] | None = None


class AllowanceBase(Strict):
    allowance: Allowance


def _kind_of_base(value: object) -> str:
    """Which kind of base is meant, so that a faulty base is reported as one kind and not as all of them."""
    if isinstance(value, dict):
        return next((key for key in ("items_on", "allowance") if key in value), "residual")
    kinds = {ItemBase: "items_on", AllowanceBase: "allowance", Residual: "residual"}
    return kinds.get(type(value), "quantity")  # type: ignore[call-overload,no-any-return]


Base = Annotated[
    Annotated[QuantityName, Tag("quantity")]
    | Annotated[Residual, Tag("residual")]
    | Annotated[ItemBase, Tag("items_on")]
    | Annotated[AllowanceBase, Tag("allowance")],
    Discriminator(_kind_of_base),
]


class ListedItem(Strict):
    """A drug or implant that is on a list from one day to another, both included. Where indications are named, only for
    them.

    A code that ends in `*` stands for every code with that beginning. A bill that does not report what the list asks of
    an item, such as its indication, is held for a person.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,60}\*?$")]
    name: Text
    from_day: date | None = None
    to_day: date | None = None
    indications: tuple[Text, ...] = ()
    lines: tuple[Annotated[int, Field(ge=1, le=9, strict=True)], ...] = ()
    """Lines of therapy: 1 is the first treatment that is tried."""
    gene_tests: tuple[Text, ...] = ()
    channels: tuple[Literal["hospital", "dual_channel", "direct"], ...] = ()
    unit_limit_fen: Fen | None = Field(None, alias="unit_limit_yuan")
    """How much of the cost of one item, such as one implant, counts at most."""
    month_limit_fen: Fen | None = Field(None, alias="month_limit_yuan")
    year_limit_fen: Fen | None = Field(None, alias="year_limit_yuan")
    """How much of the item's cost counts at most in a year."""


class ItemList(Sourced):
    id: Identifier
    name: Bilingual
    item: tuple[ListedItem, ...] = ()
    unknown: Text | None = None
    """Why the list's items are not here. Bills on which the list matters are held for a person."""


class DeductibleVariant(Sourced):
    when: When
    fen: Fen = Field(alias="yuan")


class Deductible(Sourced):
    """Borne by the insured before the benefit starts. Deductibles with the same `shared` name are used up together."""

    per: Literal["year", "settlement"]
    fen: Fen | None = Field(None, alias="yuan")
    parameter: Identifier | None = None
    unknown: Text | None = None
    """Why the amount is not here: the benefit is then not decided."""
    variants: tuple[DeductibleVariant, ...] = ()
    shared: Identifier | None = None


class Tier(Strict):
    """A band, from (exclusive) to (inclusive), and the share the plan pays of it."""

    above_fen: Fen | None = Field(None, alias="above_yuan")
    above_parameter: Identifier | None = None
    basis_points: Rate = Field(alias="percent")
    source: SourceName


class Variant(Strict):
    """Other tiers for the members and bills that meet a condition; or `unknown` says why they are not here."""

    when: When
    tiers: tuple[Tier, ...] = ()
    unknown: Text | None = None


class Adjustment(Sourced):
    """Percentage points added to (or taken from) every tier when the condition holds."""

    when: When
    basis_points: Points = Field(alias="percentage_points")


class Limit(Sourced):
    """The most that is paid on one settlement, on all bills of a day, a month or the cover year, or in a lifetime.

    Limits with the same `shared` name are used up together.
    """

    per: Literal["settlement", "day", "month", "year", "life"]
    fen: Fen | None = Field(None, alias="yuan")
    unknown: Text | None = None
    """Why the amount is not here. Such a limit is not applied, and a plan that has one cannot be put on sale."""
    when: When = When()
    shared: Identifier | None = None


class Waiting(Sourced):
    """Days from the first day of cover on which bills do not count, unless one of the conditions holds."""

    days: Annotated[int, Field(ge=1, le=366, strict=True)]
    waived: tuple[When, ...] = ()


class Rounding(Sourced):
    """How one bill's payment by the tiers is rounded, where it is not half-up to the fen."""

    to: Literal["jiao", "yuan"]
    how: Literal["down", "half_up"]


class Minimum(Sourced):
    """The least that is paid out: a smaller payment is not made."""

    fen: Fen = Field(alias="yuan")


class Document(Sourced):
    """What must be shown for a claim that did not come through the hospital's own settlement."""

    name: Bilingual
    settings: tuple[Setting, ...] = ()
    """Care settings in which the document is asked for; if empty, in all."""


class Undecided(Strict):
    """A care setting that the plan covers in part, by a list that is not known. Its bills are held for a person."""

    setting: Setting
    unknown: Text


class Benefit(Strict):
    """One thing the plan pays for. Either its terms are given, or `unknown` says why they are not.

    With `unknown`, `settings` and `when` say which bills the benefit may concern; without them it may concern every
    bill. Such bills are undecided. `claimed_apart` marks a benefit that is not claimed by a bill, such as a lump sum on
    a diagnosis: bills are decided without it.
    """

    id: Identifier
    name: Bilingual
    pays_for: Bilingual
    source: SourceName
    unknown: Text | None = None
    claimed_apart: Text | None = None
    """Why the benefit is not claimed by a bill. Only for a benefit whose terms are unknown."""
    base: Base | None = None
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
    lowest_basis_points: Rate | None = Field(None, alias="lowest_percent")
    """Adjustments never take a rate below this."""
    highest_basis_points: Rate | None = Field(None, alias="highest_percent")
    rounding: Rounding | None = None
    limits: tuple[Limit, ...] = ()
    minimum: Minimum | None = None
    documents: tuple[Document, ...] = ()
