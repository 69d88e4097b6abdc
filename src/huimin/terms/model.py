"""What a plan file can say. Every amount and rate carries its source; what is not known is `unknown = "why"`.

Amounts are whole fen and rates whole basis points once loaded; the file writes yuan and percent. So a field is named
by what it holds (`fen`, `basis_points`), and its alias is the key in the file (`yuan`, `percent`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from huimin.terms.benefit import Benefit, ItemList
from huimin.terms.conditions import Identifier, When
from huimin.terms.enrolment import Edition, Eligibility, Premium, Window, Withdrawal
from huimin.terms.history import ClaimFree, PreExisting, Reward
from huimin.terms.pool import Pool
from huimin.terms.values import Bilingual, Fen, Sourced, SourceName, Strict, Text

__all__ = [
    "BillDate",
    "CodeRange",
    "Cover",
    "DiseaseGroup",
    "Exclusion",
    "HospitalList",
    "OrderOfPayers",
    "Parameter",
    "ParameterValue",
    "Plan",
]


class ParameterValue(Sourced):
    """A parameter's amount from a day on, for the members who meet the condition."""

    from_day: date
    when: When = When()
    fen: Fen = Field(alias="yuan")


class Parameter(Strict):
    """A public figure of the city, such as its critical-illness threshold. Terms refer to it by its id."""

    id: Identifier
    name: Bilingual
    values: Annotated[tuple[ParameterValue, ...], Field(min_length=1)]

    def on(self, day: date) -> dict[When, int]:
        """The amounts in force on a day, in fen, by condition. For each condition the newest value that has begun
        counts.
        """
        begun = [value for value in self.values if value.from_day <= day]
        return {value.when: value.fen for value in sorted(begun, key=lambda value: value.from_day)}


class CodeRange(Strict):
    """ICD-10 codes from one to another, both included, such as C00 to C97. Only as many characters are compared as are
    given.
    """

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


class HospitalList(Sourced):
    """Institutions by their national codes; `unknown` says why a list is not here, where it is not published."""

    id: Identifier
    name: Bilingual
    codes: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,30}$")], ...] = ()
    unknown: Text | None = None


class Exclusion(Sourced):
    """Bills that are not covered, and the exceptions that are covered all the same. Without `benefits` it holds for
    all.
    """

    id: Identifier
    name: Bilingual
    when: When
    exceptions: tuple[When, ...] = ()
    benefits: tuple[Identifier, ...] = ()


class OrderOfPayers(Sourced):
    """Who pays towards the person's own part before this plan does. All together never pay more than that part."""

    before: Annotated[tuple[Literal["mutual_aid", "charity", "other_insurance"], ...], Field(min_length=1)]


class Plan(Strict):
    """A plan year: the whole of a plan file."""

    format: Literal["huimin-plan/1"]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+){1,3}$")]
    name: Bilingual
    premium: Premium
    cover: Cover
    enrolment: Window
    withdrawal: Withdrawal | None = None
    eligibility: Eligibility
    edition: tuple[Edition, ...] = ()
    parameter: tuple[Parameter, ...] = ()
    disease_group: tuple[DiseaseGroup, ...] = ()
    item_list: tuple[ItemList, ...] = ()
    hospital_list: tuple[HospitalList, ...] = ()
    pre_existing: PreExisting | None = None
    exclusion: tuple[Exclusion, ...] = ()
    order_of_payers: OrderOfPayers | None = None
    benefit: Annotated[tuple[Benefit, ...], Field(min_length=1)]
    claim_free: ClaimFree | None = None
    reward: tuple[Reward, ...] = ()
    pool: Pool | None = None
    good_to_know: tuple[Bilingual, ...] = ()

    def parameter_amounts(self, name: str) -> dict[When, int]:
        """A parameter's amounts on the first day of cover, in fen, by condition."""
        return next(parameter for parameter in self.parameter if parameter.id == name).on(self.cover.first_day)

    def benefit_names(self, language: str) -> dict[str, str]:
        """The benefits' names, by id. `language` is zh or en."""
        return {benefit.id: benefit.name.in_language(language) for benefit in self.benefit}

    def names(self, language: str) -> dict[str, dict[str, str]]:
        """The names of the plan's parts, by kind and id. Parts of different kinds may have the same id."""
        return {
            "benefit": self.benefit_names(language),
            "exclusion": _names(self.exclusion, language),
            "edition": _names(self.edition, language),
            "disease_group": _names(self.disease_group, language),
            "hospital_list": _names(self.hospital_list, language),
        }


def _names(parts: Iterable[Exclusion | Edition | DiseaseGroup | HospitalList], language: str) -> dict[str, str]:
    return {part.id: part.name.in_language(language) for part in parts}
