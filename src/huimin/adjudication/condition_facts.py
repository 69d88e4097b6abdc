"""What conditions may ask of a member and a bill, and whether they hold. A fact that was not reported is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huimin.adjudication.program import Condition, DiseaseGroupProgram, Program
from huimin.settlement import INSUTYPES, MED_TYPES, Member, Settlement
from huimin.settlement.member import ANY_GROUP, completed_years

__all__ = [
    "Groups",
    "UnknownFactError",
    "any_holds",
    "bill_facts",
    "diseases_of",
    "groups_of",
    "holds",
    "hospital_lists_of",
    "member_facts",
]

_BASIC_INSURANCE = {code: kind for kind, code in INSUTYPES.items()}
_SETTINGS = {code: setting for setting, code in MED_TYPES.items()}

Facts = Mapping[str, Any]


class UnknownFactError(Exception):
    """A condition asks for a fact that was not reported."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


@dataclass(frozen=True, slots=True)
class Groups:
    """Which of the plan's groups or lists a person, a bill or a hospital belongs to, as far as that is known."""

    known: frozenset[str]
    doubtful: frozenset[str] | None = frozenset()
    """The groups for which this is not known; None if it is unknown for every group outside `known`."""

    def meet(self, wanted: Iterable[str]) -> bool | None:
        """Whether one of the wanted groups is among them; None if that is not known."""
        if not self.known.isdisjoint(wanted):
            return True
        return None if self.doubtful is None or not self.doubtful.isdisjoint(wanted) else False


def _of_history(member: Member) -> Groups:
    """The member's pre-existing groups. A condition that was reported without its group may belong to any group."""
    rest = None if ANY_GROUP in member.pre_existing else frozenset[str]()
    return Groups(member.pre_existing - {ANY_GROUP}, rest)


def member_facts(first_day: date, member: Member) -> dict[str, Any]:
    """The member's facts by name; None where unknown. Age is in completed years on the first day of the cover year."""
    return {
        "pre_existing": bool(member.pre_existing),
        "pre_existing_group": _of_history(member),
        "edition": member.edition,
        "basic_insurance": _BASIC_INSURANCE.get(member.insutype or ""),
        # Whoever is born within the cover year counts as 0 years old: terms for newborns mean them above all.
        "age": None if member.birth_date is None else max(0, completed_years(member.birth_date, first_day)),
        "continuous_years": member.continuous_years,
        "claim_free_years": member.claim_free_years,
    }


def bill_facts(program: Program, member: Member, settlement: Settlement) -> dict[str, Any]:
    """The bill's facts by name; None where unknown."""
    care = settlement.care
    diseases = diseases_of(program, care.diagnoses)
    return {
        "setting": _SETTINGS.get(settlement.med_type),
        "hospital_level": care.hospital_level,
        "hospital_list": hospital_lists_of(program, care.hospital),
        "place": care.place,
        "ward": care.ward,
        "settled_by_basic_insurance": care.settled_by_basic_insurance,
        "accident": care.accident,
        "disease": diseases,
        "related_pre_existing": _related(_of_history(member), diseases),
    }


def _related(history: Groups, diseases: Groups | None) -> bool | None:
    """Whether a disease of the bill is in one of the member's pre-existing groups; None if that is not known."""
    if not history.known and history.doubtful is not None:
        return False
    if diseases is None:
        return None
    found = diseases.meet(history.known)
    return None if found is False and history.doubtful is None else found


def diseases_of(program: Program, diagnoses: tuple[str, ...] | None) -> Groups | None:
    """The plan's groups that the diagnoses fall into; None when none were reported.

    For groups whose codes are not known, nobody can say whether a diagnosis falls into them.
    """
    if diagnoses is None:
        return None
    doubtful = frozenset(group.id for group in program.disease_groups if group.ranges is None and diagnoses)
    return Groups(groups_of(program.disease_groups, diagnoses), doubtful)


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


def hospital_lists_of(program: Program, hospital: str | None) -> Groups | None:
    """The plan's lists that the hospital is on; None if no hospital was reported. It may be on any list that is not
    known.
    """
    if hospital is None:
        return None
    having = frozenset(name for name, codes in program.hospital_lists if codes is not None and hospital in codes)
    return Groups(having, frozenset(name for name, codes in program.hospital_lists if codes is None))


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether all demands are met. One that is not met is enough for False, whatever else is unknown. Otherwise an
    unknown fact raises UnknownFactError.
    """
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
        else:
            met = value.meet(values)
            if met is None:
                unknown = fact
            elif not met:
                return False
    if unknown:
        raise UnknownFactError(unknown)
    return True


def any_holds(conditions: Iterable[Condition], facts: Facts) -> bool:
    """Whether one of the conditions holds. One that does is enough for True, whatever else is unknown. Otherwise an
    unknown fact raises UnknownFactError.
    """
    unknown: UnknownFactError | None = None
    for condition in conditions:
        try:
            if holds(condition, facts):
                return True
        except UnknownFactError as error:
            unknown = error
    if unknown is not None:
        raise unknown
    return False
