"""Conditions that terms may set on a member or a bill: a closed vocabulary, and how two conditions relate.

A condition is a set of demands, one for each fact, all of which must hold. Each demand allows some of the fact's
values. From this the loader computes whether one condition is narrower than another, and whether both can hold for one
member and bill.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from huimin.settlement.fact_words import HIGHEST

__all__ = ["MEMBER_FACTS", "BasicInsurance", "Demand", "Identifier", "Setting", "When", "YesOrNo"]

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
BasicInsurance = Literal["employee", "resident"]
Setting = Literal["inpatient", "special_outpatient", "outpatient", "pharmacy"]


def _one_or_more(value: object) -> object:
    """A single value may be written without the list around it."""
    return (value,) if isinstance(value, str) else value


Identifiers = Annotated[tuple[Identifier, ...], Field(min_length=1), BeforeValidator(_one_or_more)]
YesOrNo = Annotated[bool, Field(strict=True)]
Age = Annotated[int, Field(ge=0, le=HIGHEST["age"], strict=True)]
Years = Annotated[int, Field(ge=1, le=HIGHEST["continuous_years"], strict=True)]

MEMBER_FACTS = frozenset(
    {
        "pre_existing",
        "pre_existing_group",
        "edition",
        "basic_insurance",
        "age",
        "continuous_years",
        "claim_free_years",
    }
)
"""Facts that can be asked where there is no bill yet."""

Demand = frozenset[object] | tuple[int, int]
"""The values that a fact may have; for numbers the lowest and the highest."""


class When(BaseModel):
    """Facts that must all hold. A fact that is not named may have any value."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    many_at_once: ClassVar = ("pre_existing_group", "disease", "hospital_list")
    """Facts that can have several values at once, so that demands on two different values can both hold."""

    pre_existing: YesOrNo | None = None
    pre_existing_group: Identifiers | None = None
    related_pre_existing: YesOrNo | None = None
    """Whether the bill's diagnoses fall into a group that the member had before."""
    first_enrolment: YesOrNo | None = None
    edition: Identifiers | None = None
    basic_insurance: BasicInsurance | None = None
    age_from: Age | None = None
    """Completed years on the first day of cover; 0 for whoever is born later."""
    age_to: Age | None = None
    continuous_years_from: Years | None = None
    claim_free_years_from: Years | None = None
    setting: Annotated[tuple[Setting, ...], Field(min_length=1), BeforeValidator(_one_or_more)] | None = None
    hospital_level_from: Annotated[int, Field(ge=1, le=3, strict=True)] | None = None
    hospital_level_to: Annotated[int, Field(ge=1, le=3, strict=True)] | None = None
    hospital_list: Identifiers | None = None
    """The institution is on one of these lists of the plan."""
    place: (
        Annotated[
            tuple[Literal["local", "referred", "elsewhere"], ...], Field(min_length=1), BeforeValidator(_one_or_more)
        ]
        | None
    ) = None
    ward: Literal["ordinary", "special"] | None = None
    settled_by_basic_insurance: YesOrNo | None = None
    accident: YesOrNo | None = None
    disease: Identifiers | None = None
    """The bill's diagnoses fall into one of these groups of the plan."""

    def demands(self) -> dict[str, Demand]:
        """The condition by fact. `first_enrolment` is the demand that continuous_years be 0."""
        found: dict[str, Demand] = {}
        for name, value in self.model_dump(exclude_none=True).items():
            base = name.removesuffix("_from").removesuffix("_to")
            if base in HIGHEST:
                low, high = _numbers(found.get(base), HIGHEST[base])
                found[base] = (max(low, value), high) if name.endswith("_from") else (low, min(high, value))
            elif name == "first_enrolment":
                low, high = _numbers(found.get("continuous_years"), HIGHEST["continuous_years"])
                found["continuous_years"] = (low, 0) if value else (max(low, 1), high)
            else:
                found[name] = frozenset(value) if isinstance(value, tuple) else frozenset({value})
        return found

    @property
    def is_possible(self) -> bool:
        """Whether anybody at all could meet the condition."""
        return all(demand[0] <= demand[1] for demand in self.demands().values() if isinstance(demand, tuple))

    @property
    def asks_about_history(self) -> bool:
        """Whether it asks what somebody had before."""
        return bool({"pre_existing", "pre_existing_group", "related_pre_existing"} & self.demands().keys())

    def narrows(self, other: When) -> bool:
        """Whether `other` holds in every case in which this one does."""
        mine, theirs = self.demands(), other.demands()
        return all(fact in mine and _within(mine[fact], demand) for fact, demand in theirs.items())

    def can_hold_with(self, other: When) -> bool:
        """Whether some member and bill could meet both."""
        mine, theirs = self.demands(), other.demands()
        return all(fact in self.many_at_once or _meet(mine[fact], theirs[fact]) for fact in mine.keys() & theirs.keys())


def _numbers(demand: Demand | None, highest: int) -> tuple[int, int]:
    return demand if isinstance(demand, tuple) else (0, highest)


def _within(one: Demand, other: Demand) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return other[0] <= one[0] and one[1] <= other[1]
    return isinstance(one, frozenset) and isinstance(other, frozenset) and one <= other


def _meet(one: Demand, other: Demand) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return max(one[0], other[0]) <= min(one[1], other[1])
    return isinstance(one, frozenset) and isinstance(other, frozenset) and bool(one & other)
