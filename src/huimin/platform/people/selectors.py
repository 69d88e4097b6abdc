"""Looking people up. An ID number is found by its blind index; names are compared after decryption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Area, Resident
from huimin.platform.people.persons import PERSON_COLUMNS, NamedPerson, PersonFacts, named_person, person_facts
from huimin.settlement.documents import DocumentKind, parse_document
from huimin.settlement.names import plain_name

__all__ = [
    "PoolingArea",
    "areas",
    "count_by_area",
    "find_person",
    "find_persons",
    "find_resident",
    "find_residents",
    "has_died",
    "identity_ending",
    "lock_persons",
    "masked_name",
    "match_persons",
    "named_persons",
    "persons_by_id",
    "same_name",
    "telephone_of",
]


def identity_ending(city: City, resident_id: int) -> str:
    """The last four characters of somebody's identity number, by which their own paper is known."""
    found: Resident = Resident.objects.of(city).get(pk=resident_id)
    return str(found.id_number)[-4:]


def find_person(*, city: City, id_number: str, name: str) -> NamedPerson | None:
    """The person with this ID number and this name, or None. Raises InputError when the number is mistyped."""
    return find_persons(city, [(id_number, name)])[0]


def find_persons(city: City, people: Sequence[tuple[str, str]]) -> list[NamedPerson | None]:
    """For each (ID number, name) the person, or None. One statement. Raises InputError when a number is mistyped."""
    return [named_person(row) if row is not None else None for row in find_residents(city, people)]


def match_persons(city: City, people: Sequence[tuple[str, str]]) -> list[tuple[PersonFacts | None, str]]:
    """For each (number, name) the person, or None and why: `unknown_person`, `name_differs`. One statement.

    For lists that staff answer for; whoever may guess is told less (`find_persons`). Raises InputError when a number
    is mistyped.
    """
    indexes = [blind_index(city.code, parse_document(number).number) for number, _ in people]
    wanted = sorted(set(indexes))
    rows = Resident.objects.fetch(city, {"id_index": wanted}, without=("telephone", "id_number")) if wanted else []
    found = {row.id_index: (named_person(row), row.name) for row in rows}
    return [
        (None, "unknown_person")
        if index not in found
        else (found[index][0], "")
        if same_name(found[index][1], name)
        else (None, "name_differs")
        for index, (_, name) in zip(indexes, people, strict=True)
    ]


def find_resident(*, city: City, id_number: str, name: str) -> Resident | None:
    """The register's row. Only this context uses it, since it has the telephone."""
    return find_residents(city, [(id_number, name)])[0]


def find_residents(city: City, people: Sequence[tuple[str, str]]) -> list[Resident | None]:
    """For each (ID number, name) the resident, or None. One statement. Raises InputError when a number is mistyped.

    A birth certificate also finds the child that has an ID number by now; that takes a second statement.
    """
    documents = [parse_document(number) for number, _ in people]
    indexes = [blind_index(city.code, document.number) for document in documents]
    wanted = sorted(set(indexes))
    found = {resident.id_index: resident for resident in Resident.objects.fetch(city, {"id_index": wanted})}
    former = {
        index
        for index, document in zip(indexes, documents, strict=True)
        if index not in found and document.kind is DocumentKind.BIRTH_CERTIFICATE
    }
    if former:
        rows = Resident.objects.fetch(city, {"former_index": sorted(former)})
        found |= {resident.former_index: resident for resident in rows}
    return [
        found[index] if index in found and same_name(found[index].name, name) else None
        for index, (_, name) in zip(indexes, people, strict=True)
    ]


def named_persons(city: City, person_ids: Iterable[int | str]) -> dict[int, NamedPerson]:
    rows = Resident.objects.of(city).filter(pk__in=list(person_ids))
    return {row.pk: named_person(row) for row in rows}


def persons_by_id(city: City, person_ids: Iterable[int]) -> dict[int, PersonFacts]:
    """One statement."""
    return _by_id(Resident.objects.pick(city, PERSON_COLUMNS, {"id": list(person_ids)}))


def lock_persons(city: City, person_ids: Iterable[int]) -> dict[int, PersonFacts]:
    """Lock these people until the transaction ends, always in the same order, so that no deadlock is possible."""
    return _by_id(Resident.objects.pick(city, PERSON_COLUMNS, {"id": list(person_ids)}, ("id",), lock=True))


def _by_id(rows: Iterable[Sequence[Any]]) -> dict[int, PersonFacts]:
    found = map(person_facts, rows)
    return {person.id: person for person in found}


def telephone_of(city: City, person_id: int) -> str | None:
    """The person's telephone in the register; None if there is no such person, empty for somebody who has died."""
    row = Resident.objects.of(city).filter(pk=person_id).first()
    if row is None:
        return None
    return row.telephone if row.died_on is None else ""


def has_died(city: City, person_id: int) -> bool:
    return Resident.objects.of(city).filter(pk=person_id, died_on__isnull=False).exists()


def count_by_area(city: City) -> dict[int, int]:
    """Residents in the register by area."""
    return dict(Resident.objects.of(city).values_list("area_id").annotate(n=Count("pk")).order_by())


def same_name(first: str, second: str) -> bool:
    """Whether two names are equal except for spaces and width: 欧阳 娜 and 欧阳娜 are the same name."""
    return plain_name(first) == plain_name(second) != ""


def masked_name(name: str) -> str:
    """张*: enough for the person to recognise, too little for others."""
    return name[:1] + "*" * max(1, len(name) - 1)


@dataclass(frozen=True, slots=True)
class PoolingArea:
    """A pooling area of the city's basic insurance."""

    id: int
    code: str
    name_zh: str
    name_en: str

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_zh


def areas(city: City) -> list[PoolingArea]:
    rows = Area.objects.of(city).order_by("code").values_list("pk", "code", "name_zh", "name_en")
    return [PoolingArea(*values) for values in rows]
