"""What the register, the terms and earlier files say of a thousand rows at once: a few statements for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from huimin.batch.files.people_tables import RowFault
from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.bulk.columns import Read
from huimin.platform.bulk.models import ENROLLED, BulkFile, BulkRow, FileKind
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.enrolment.api import check_eligibility, refuse_impossible_relation
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.people.api import PersonFacts, match_persons

__all__ = ["ADULT", "Checked", "age_on", "check_rows", "faults_as_json"]

ADULT = 18


@dataclass(slots=True)
class Checked:
    """A row with the people it names and what is wrong with it. `fen`: what the organisation pays for the person."""

    read: Read
    person: PersonFacts | None = None
    holder: PersonFacts | None = None
    fen: int = 0
    faults: list[RowFault] = field(default_factory=list)

    def refuse(self, column: str, code: str, found: str = "") -> None:
        self.faults.append(RowFault(self.read.number, column, code, found))


def check_rows(city: City, file: BulkFile, plan_year: PlanYearFacts, rows: Sequence[Read]) -> list[Checked]:
    """The rows with everything that is wrong with them beyond their own cells."""
    checked = [Checked(one) for one in rows]
    _find_people(city, checked)
    _refuse_repeats(city, file, checked)
    _refuse_relations(city, file, checked)
    _refuse_by_terms(city, plan_year, checked)
    return checked


def _find_people(city: City, checked: Sequence[Checked]) -> None:
    holders = [one for one in checked if one.read.holder is not None]
    named = [one.read.person for one in checked] + [one.read.holder for one in holders if one.read.holder is not None]
    found = match_persons(city, named)
    for one, (person, fault) in zip(checked, found[: len(checked)], strict=True):
        one.person, one.holder = person, person if one.read.holder is None else None
        if fault:
            one.refuse("id_number", fault)
    for one, (holder, fault) in zip(holders, found[len(checked) :], strict=True):
        one.holder = holder
        if fault:
            one.refuse("holder_id_number", fault)


def _refuse_repeats(city: City, file: BulkFile, checked: Sequence[Checked]) -> None:
    """Somebody twice in the file, a number of the sender twice, or one that enrolled somebody for this year before."""
    people = [one.person.id for one in checked if one.person is not None]
    references = [one.read.reference for one in checked if one.read.reference]
    of_file, names = BulkRow.objects.of(city).filter(file=file), ("resident", "reference", "number")
    before: dict[object, int] = {}
    for rows in (of_file.filter(resident__in=people), of_file.filter(reference__in=references)):
        for resident, reference, number in rows.order_by("-number").values_list(*names):
            before[resident], before[reference] = number, number
    known = BulkRow.objects.of(city).filter(
        organisation=file.organisation_id,
        plan_year=file.plan_year_id,
        reference__in=references,
        state__in=ENROLLED,
    )
    enrolled = dict(known.values_list("reference", "policy"))
    for one in checked:
        number, reference = one.read.number, one.read.reference
        if one.person is not None and before.setdefault(one.person.id, number) != number:
            one.refuse("id_number", "person_twice", str(before[one.person.id]))
        if reference and before.setdefault(reference, number) != number:
            one.refuse("reference", "reference_twice", str(before[reference]))
        elif reference in enrolled:
            one.refuse("reference", "reference_enrolled", enrolled[reference])


def _refuse_relations(city: City, file: BulkFile, checked: Sequence[Checked]) -> None:
    day = today(city)
    for one in checked:
        if one.person is None or one.holder is None:
            continue
        try:
            refuse_impossible_relation(one.holder, one.person, one.read.relation)
        except HuiminError as error:
            one.refuse("relation", error.code)
        if one.read.relation is Relation.CHILD and age_on(one.holder.birth_date, day) < ADULT:
            one.refuse("holder_id_number", "holder_is_minor")
        elif file.kind == FileKind.ASKING and one.holder == one.person and age_on(one.person.birth_date, day) < ADULT:
            one.refuse("holder_id_number", "guardian_missing")


def _refuse_by_terms(city: City, plan_year: PlanYearFacts, checked: Sequence[Checked]) -> None:
    people = {one.person.id: one.person for one in checked if one.person is not None}
    editions = {one.person.id: one.read.edition for one in checked if one.person is not None}
    results = check_eligibility(city=city, plan_year=plan_year, residents=list(people.values()), editions=editions)
    for one in checked:
        if one.person is None:
            continue
        result = results[one.person.id]
        for reason in result.reasons:
            one.refuse("edition" if reason == "edition_unknown" else "", reason)
        if result.offer is not None:
            one.fen = result.offer.to_pay
            if one.read.amount not in (None, one.fen):
                one.refuse("amount", "amount_differs", format_yuan(one.fen))


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def faults_as_json(faults: Sequence[RowFault]) -> Iterator[list[str]]:
    return ([fault.field, fault.code, fault.found] for fault in sorted(faults))
