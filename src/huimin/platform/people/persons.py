"""People of the register as other contexts see them: facts, and a name where a page needs it, but no database row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from huimin.platform.people.models import Resident

__all__ = ["PERSON_COLUMNS", "NamedPerson", "PersonFacts", "named_person", "person_facts"]


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The facts of a person that terms and relations ask for. They do not identify the person."""

    id: int
    psn_no: str
    birth_date: date
    sex: str
    insutype: str
    insured: bool
    """Whether basic insurance is in force today, as last told by the bureau."""
    confirmed_at: datetime | None
    """When the bureau last confirmed who they are and how they are insured, by the real clock; None for never."""
    area_id: int
    household_id: int
    pre_existing: Sequence[str]
    continuous_years: int
    claim_free_years: int
    insured_years: Sequence[Sequence[Any]]
    """As the register keeps them: `carried` reads them."""
    other_cover: Sequence[Sequence[str]] | None
    """Plan, first and last day of cover elsewhere, as last told by the bureau; None where it says nothing of it."""


PERSON_COLUMNS = (
    *("id", "psn_no", "birth_date", "sex", "insutype", "insured", "confirmed_at", "area", "household"),
    *("pre_existing", "continuous_years", "claim_free_years", "insured_years", "other_cover"),
)
"""The columns that are read, in the order in which `person_facts` takes their values."""
_ATTRIBUTES = tuple({"area": "area_id", "household": "household_id"}.get(name, name) for name in PERSON_COLUMNS)


@dataclass(frozen=True, slots=True)
class NamedPerson(PersonFacts):
    name: str = field(repr=False)


def person_facts(values: Sequence[Any]) -> PersonFacts:
    """`values` are those of PERSON_COLUMNS."""
    return PersonFacts(*values)


def named_person(row: Resident) -> NamedPerson:
    return NamedPerson(*(getattr(row, name) for name in (*_ATTRIBUTES, "name")))
