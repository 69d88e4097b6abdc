"""What a plan file can say. Every amount and rate carries its source; what is not known is `unknown = "why"`.

Amounts are whole fen and rates whole basis points once loaded; the file writes yuan and percent.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from huimin.errors import InputError
from huimin.money import BASIS, parse_percent, parse_yuan

__all__ = [
    "Adjustment",
    "BasicInsurance",
    "Benefit",
    "Bilingual",
    "Condition",
    "Cover",
    "Deductible",
    "Limit",
    "Plan",
    "Premium",
    "Residual",
    "Tier",
    "Undecided",
]


def _fen(value: object) -> int:
    fen = _as_value_error(parse_yuan, value)
    if fen < 0:
        raise ValueError(f"found {value!r}; expected an amount that is not negative")
    return fen


def _basis_points(value: object) -> int:
    return _as_value_error(parse_percent, value)


def _rate(value: object) -> int:
    rate = _basis_points(value)
    if not 0 <= rate <= BASIS:
        raise ValueError(f"found {value!r}; expected a rate from 0 % to 100 %")
    return rate


def _as_value_error(parse: object, value: object) -> int:
    # pydantic collects ValueErrors; InputError is one, but its message must survive whole.
    try:
        return parse(value)  # type: ignore[operator,no-any-return]
    except InputError as error:
        raise ValueError(error.message) from error


def _some_text(value: str) -> str:
    if not value.strip():
        raise ValueError("found an empty text; expected words")
    return value


Fen = Annotated[int, BeforeValidator(_fen)]
Rate = Annotated[int, BeforeValidator(_rate)]
Points = Annotated[int, BeforeValidator(_basis_points)]
Text = Annotated[str, AfterValidator(_some_text)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(:[A-Za-z0-9_.-]+)?$")]
"""`document` or `document:clause`, both named in the sources.toml beside the plan file."""

QuantityName = Literal[
    "total",
    "out_of_list",
    "over_limit",
    "first_self_pay",
    "in_policy",
    "funds",
    "personal",
    "self_funded",
    "self_paid",
]
Setting = Literal["inpatient", "special_outpatient", "outpatient", "pharmacy"]
BasicInsurance = Literal["employee", "resident"]


class Strict(BaseModel):
    """Refuses keys it does not know, so that a misspelt term is a fault and not a silent gap."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Strict):
    source: SourceName


class Bilingual(Strict):
    zh: Text
    en: Text

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class Premium(Sourced):
    """Price for one person and one cover year."""

    yuan: Fen


class BillDate(Strict):
    """Which date of a bill places it in a cover year."""

    by: Literal["settlement", "admission", "discharge"]
    source: SourceName | None = None
    assumed: Text | None = None


class Cover(Sourced):
    """The cover year, both days inclusive."""

    first_day: date
    last_day: date
    bill_date: BillDate


class Window(Sourced):
    """The enrolment window. The last day is often extended; where it is not published it is unknown."""

    first_day: date
    last_day: date | None = None
    unknown: Text | None = None


class Eligibility(Sourced):
    basic_insurance: Annotated[tuple[BasicInsurance, ...], Field(min_length=1)]
    region: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    """GB/T 2260 code of the area whose basic insurance members may join."""
    note: Bilingual


class Residual(Strict):
    """A base that is what earlier benefits left: quantity − their payments on the same settlement."""

    quantity: QuantityName
    less_benefits: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class Deductible(Sourced):
    """Borne by the insured before the benefit starts."""

    per: Literal["year", "settlement"]
    yuan: Fen


class Tier(Strict):
    """A band of the year's cumulative excess, from (exclusive) to (inclusive), and the share the plan pays of it."""

    above_yuan: Fen
    percent: Rate
    source: SourceName


class Condition(Strict):
    """Facts of a member that must all hold."""

    pre_existing: bool | None = None
    first_enrolment: bool | None = None


class Adjustment(Sourced):
    """Percentage points added to (or taken from) every tier when the condition holds."""

    when: Condition
    percentage_points: Points


class Limit(Sourced):
    per: Literal["year", "settlement"]
    yuan: Fen


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
    base: QuantityName | Residual | None = None
    settings: tuple[Setting, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    deductible: Deductible | None = None
    tiers: tuple[Tier, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    limits: tuple[Limit, ...] = ()


class Plan(Strict):
    """A plan year: the whole of a plan file."""

    format: Literal["huimin-plan/1"]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+){1,3}$")]
    name: Bilingual
    premium: Premium
    cover: Cover
    enrolment: Window
    eligibility: Eligibility
    benefit: Annotated[tuple[Benefit, ...], Field(min_length=1)]
    good_to_know: tuple[Bilingual, ...] = ()

    def benefit_by_id(self, benefit_id: str) -> Benefit:
        return next(benefit for benefit in self.benefit if benefit.id == benefit_id)
