"""Who may join, when, in which edition, and who pays how much for it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from huimin.terms.conditions import BasicInsurance, Identifier, When, YesOrNo
from huimin.terms.values import Bilingual, Fen, Rate, Sourced, Text

__all__ = ["Edition", "Eligibility", "LateJoining", "Premium", "PremiumPart", "PremiumVariant", "Window", "Withdrawal"]


class PremiumVariant(Sourced):
    """Another price for the members who meet a condition."""

    when: When
    fen: Fen = Field(alias="yuan")


class PremiumPart(Sourced):
    """What another payer bears of the premium. Parts are taken off in order; the insured pays what is left.

    `optional`: the part is taken off only if the insured asks for it, as with a personal account.
    """

    payer: Literal["government", "donor", "employer", "personal_account"]
    fen: Fen | None = Field(None, alias="yuan")
    basis_points: Rate | None = Field(None, alias="percent")
    when: When = When()
    optional: YesOrNo = False
    balance_above_fen: Fen | None = Field(None, alias="balance_above_yuan")
    """A personal account pays only from the balance above this amount."""
    most_people: Annotated[int, Field(ge=1, le=20, strict=True)] | None = None
    """How many people one account may pay for."""


class Premium(Sourced):
    """The price for one person and one cover year. Where variants fit the person, the narrowest one counts."""

    fen: Fen | None = Field(None, alias="yuan")
    unknown: Text | None = None
    variants: tuple[PremiumVariant, ...] = ()
    parts: tuple[PremiumPart, ...] = ()


class Edition(Sourced):
    """One of several forms of a plan, which members choose or belong to."""

    id: Identifier
    name: Bilingual
    who: Bilingual | None = None


class LateJoining(Sourced):
    """Who may still join after the enrolment window, until which day, and when their cover then begins.

    begins: first_day (backdated, as in a renewal's days of grace), next_day, or next_month (its first day).
    """

    when: When = When()
    last_day: date
    begins: Literal["first_day", "next_day", "next_month"]


class Window(Sourced):
    """The enrolment window. `unknown` says why its days are not here, where they are not published."""

    first_day: date | None = None
    last_day: date | None = None
    unknown: Text | None = None
    late: tuple[LateJoining, ...] = ()


class Withdrawal(Sourced):
    """What comes back of the premium of whoever gives the policy up. Before cover begins that is always the whole.

    `cooling_off_days`: the whole also for so many days after the policy was issued, though cover has begun. `after`
    and `on_death`: once cover has begun, nothing, or the premium of the days that are left, less what is kept of it.
    """

    cooling_off_days: Annotated[int, Field(ge=1, le=60, strict=True)] | None = None
    after: Literal["not_possible", "days_left"] | None = None
    keeps_basis_points: Rate | None = Field(None, alias="keeps_percent")
    on_death: Literal["nothing", "days_left"] | None = None
    unknown: Text | None = None


class Eligibility(Sourced):
    basic_insurance: Annotated[tuple[BasicInsurance, ...], Field(min_length=1)]
    region: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    """GB/T 2260 code of the area whose basic insurance members may join."""
    other_cover: Literal["told", "refused"] | None = None
    """Of whoever has cover in another plan for the same days: told of it, or refused. Told where nothing is said."""
    note: Bilingual
