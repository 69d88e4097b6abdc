"""What conditions may ask of a member and a bill, and whether they hold. A fact that was not reported is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from huimin.adjudication.program import Condition, DiseaseGroupProgram, Program
from huimin.settlement import INSUTYPES, MED_TYPES, Member, Settlement
from huimin.settlement.member import ANY_GROUP, completed_years

__all__ = ["UnknownFactError", "bill_facts", "diseases_of", "groups_of", "holds", "hospital_lists_of", "member_facts"]

_BASIC_INSURANCE = {code: kind for kind, code in INSUTYPES.items()}
_SETTINGS = {code: setting for setting, code in MED_TYPES.items()}

Facts = Mapping[str, Any]


class UnknownFactError(Exception):
    """A condition asks for a fact that was not reported."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


def member_facts(first_day: date, member: Member) -> dict[str, Any]:
    """The member's facts by name; None where unknown. Age is in completed years on the first day of the cover year."""
    return {
        "pre_existing": bool(member.pre_existing),
        "pre_existing_group": None if ANY_GROUP in member.pre_existing else member.pre_existing,
        "edition": member.edition,
        "basic_insurance": _BASIC_INSURANCE.get(member.insutype or ""),
        "age": None if member.birth_date is None else completed_years(member.birth_date, first_day),
        "continuous_years": member.continuous_years,
        "claim_free_years": member.claim_free_years,
    }


def bill_facts(program: Program, member: Member, settlement: Settlement) -> dict[str, Any]:
    """The bill's facts by name; None where unknown."""
    care = settlement.care
    diseases = diseases_of(program, care.diagnoses)
    related: bool | None = None
    if not member.pre_existing:
        related = False
    elif diseases is not None and ANY_GROUP not in member.pre_existing:
        related = bool(diseases & member.pre_existing)
    return {
        "setting": _SETTINGS.get(settlement.med_type),
        "hospital_level": care.hospital_level,
        "hospital_list": hospital_lists_of(program, care.hospital),
        "place": care.place,
        "ward": care.ward,
        "settled_by_basic_insurance": care.settled_by_basic_insurance,
        "accident": care.accident,
        "disease": diseases,
        "related_pre_existing": related,
    }


def diseases_of(program: Program, diagnoses: tuple[str, ...] | None) -> frozenset[str] | None:
    """The plan's groups that the diagnoses fall into; None when there are none reported or a group is not known."""
    if diagnoses is None or (diagnoses and any(group.ranges is None for group in program.disease_groups)):
        return None
    return groups_of(program.disease_groups, diagnoses)


def groups_of(groups: Iterable[DiseaseGroupProgram], diagnoses: Iterable[str]) -> frozenset[str]:
    """The known groups that the ICD-10 codes fall into."""
    codes = tuple(diagnoses)
    return frozenset(
        group.id
        for group in groups
        if any(
            first <= code[: len(first)] and code[: len(last)] <= last
            for first, last in group.ranges or ()
            for code in codes
        )
    )


def hospital_lists_of(program: Program, hospital: str | None) -> frozenset[str] | None:
    """The plan's lists that have the hospital; None when it was not reported or a list is not known."""
    if hospital is None or any(codes is None for _, codes in program.hospital_lists):
        return None
    return frozenset(name for name, codes in program.hospital_lists if hospital in (codes or ()))


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether all demands are met. One that is not met decides, whatever is unknown; else raises UnknownFactError."""
    unknown = ""
    for fact, how, values in condition:
        value = facts[fact]
        if value is None:
            unknown = fact
        elif how == "in":
            if value not in values:
                return False
        elif how == "between":
            if not values[0] <= value <= values[1]:
                return False
        elif value.isdisjoint(values):
            return False
    if unknown:
        raise UnknownFactError(unknown)
    return True
