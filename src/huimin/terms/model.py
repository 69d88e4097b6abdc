"""What a plan file can say. Every amount and rate carries its source; what is not known is `unknown = "why"`.

Amounts are whole fen and rates whole basis points once loaded; the file writes yuan and percent.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from huimin.terms.benefit import Benefit, ItemList
from huimin.terms.conditions import BasicInsurance, Identifier, When
from huimin.terms.values import Bilingual, Fen, Sourced, SourceName, Strict, Text

__all__ = [
    "BillDate",
    "CodeRange",
    "Cover",
    "DiseaseGroup",
    "Edition",
    "Eligibility",
    "Parameter",
    "ParameterValue",
    "Plan",
    "Premium",
    "PremiumVariant",
    "Window",
]


class PremiumVariant(Sourced):
    """Another price for the members who meet a condition."""

    when: When
    yuan: Fen


class Premium(Sourced):
    """Price for one person and one cover year; the narrowest variant that fits takes its place."""

    yuan: Fen | None = None
    unknown: Text | None = None
    variants: tuple[PremiumVariant, ...] = ()


class Edition(Sourced):
    """One of several forms of a plan that members choose or belong to."""

    id: Identifier
    name: Bilingual
    who: Bilingual | None = None


class ParameterValue(Sourced):
    """A parameter's amount from a day on, for the members who meet the condition."""

    from_day: date
    when: When = When()
    yuan: Fen


class Parameter(Strict):
    """A public figure of the city, such as its critical-illness threshold: terms name it, its table dates it."""

    id: Identifier
    name: Bilingual
    values: Annotated[tuple[ParameterValue, ...], Field(min_length=1)]

    def on(self, day: date) -> dict[When, int]:
        """The amounts of a day in fen, by condition: of each the latest that has begun."""
        begun = [value for value in self.values if value.from_day <= day]
        return {value.when: value.yuan for value in sorted(begun, key=lambda value: value.from_day)}


class CodeRange(Strict):
    """ICD-10 codes from one to another, both included, compared by their first characters: C00 to C97."""

    first: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}(\.[0-9A-Z]{1,4})?$")]
    last: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}(\.[0-9A-Z]{1,4})?$")]


class DiseaseGroup(Sourced):
    """A group of diseases that terms name, by ICD-10 codes; unknown where the plan names it without codes."""

    id: Identifier
    name: Bilingual
    codes: tuple[CodeRange, ...] = ()
    unknown: Text | None = None


class BillDate(Strict):
    """Which date of a bill places it in a cover year."""

    by: Literal["settlement", "admission", "discharge"]
    source: SourceName | None = None
    assumed: Text | None = None


class Cover(Sourced):
    """The cover year, both days inclusive. `assumed` says why, where the sources do not give the days."""

    first_day: date
    last_day: date
    assumed: Text | None = None
    bill_date: BillDate


class Window(Sourced):
    """The enrolment window. Its days are often extended; where they are not published they are unknown."""

    first_day: date | None = None
    last_day: date | None = None
    unknown: Text | None = None


class Eligibility(Sourced):
    basic_insurance: Annotated[tuple[BasicInsurance, ...], Field(min_length=1)]
    region: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    """GB/T 2260 code of the area whose basic insurance members may join."""
    note: Bilingual


class Plan(Strict):
    """A plan year: the whole of a plan file."""

    format: Literal["huimin-plan/1"]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+){1,3}$")]
    name: Bilingual
    premium: Premium
    cover: Cover
    enrolment: Window
    eligibility: Eligibility
    edition: tuple[Edition, ...] = ()
    parameter: tuple[Parameter, ...] = ()
    disease_group: tuple[DiseaseGroup, ...] = ()
    item_list: tuple[ItemList, ...] = ()
    benefit: Annotated[tuple[Benefit, ...], Field(min_length=1)]
    good_to_know: tuple[Bilingual, ...] = ()

    def parameter_amounts(self, name: str) -> dict[When, int]:
        """A parameter's amounts on the first day of cover, in fen, by condition."""
        return next(parameter for parameter in self.parameter if parameter.id == name).on(self.cover.first_day)

    def names(self, language: str) -> dict[str, str]:
        """What editions and disease groups are called, by id: the names that conditions use."""
        editions = {edition.id: edition.name.in_language(language) for edition in self.edition}
        return editions | {group.id: group.name.in_language(language) for group in self.disease_group}
