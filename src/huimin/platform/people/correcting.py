"""Putting the register right: who somebody is was written wrongly, or somebody has died."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from huimin.errors import HuiminError
from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Resident
from huimin.settlement.documents import DocumentKind, parse_document

__all__ = ["correct_person", "refuse_taken_number", "register_death"]


def refuse_taken_number(city: City, resident_id: int, id_number: str) -> str:
    """The number as the register writes it. Raises InputError where it is mistyped; HuiminError `id_number_taken`."""
    number = parse_document(id_number).number
    rows = Resident.objects.pick(city, ("id",), {"id_index": blind_index(city.code, number)})
    if any(other != resident_id for (other,) in rows):
        raise HuiminError("the number belongs to somebody else of the register", code="id_number_taken")
    return number


def correct_person(*, city: City, resident_id: int, facts: Mapping[str, Any]) -> None:
    """Write these facts into the register: `name`, `id_number`, `birth_date`, `sex`, `pre_existing` (groups).

    Call it in the transaction of what corrects them, with the person's policies locked. Raises as
    `refuse_taken_number`.
    """
    (row,) = Resident.objects.fetch(city, {"id": resident_id}, lock=True)
    names = []
    if "id_number" in facts:
        if parse_document(row.id_number).kind is DocumentKind.BIRTH_CERTIFICATE:
            row.former_index = row.id_index
            names.append("former_index")
        row.id_number = refuse_taken_number(city, resident_id, facts["id_number"])
        row.id_index = blind_index(city.code, row.id_number)
        names += ["id_number", "id_index"]
    if "name" in facts:
        row.name = facts["name"]
        names.append("name")
    if "birth_date" in facts:
        row.birth_date = date.fromisoformat(facts["birth_date"])
        names.append("birth_date")
    if "sex" in facts:
        row.sex = facts["sex"]
        names.append("sex")
    if "pre_existing" in facts:
        row.pre_existing = list(facts["pre_existing"])
        names.append("pre_existing")
    if names:
        Resident.objects.rewrite(row, *names)


def register_death(*, city: City, resident_id: int, day: date) -> None:
    """Nothing is sent to this person's telephone any more. Call it in the transaction of what records the death."""
    (row,) = Resident.objects.fetch(city, {"id": resident_id}, lock=True)
    row.died_on = day
    Resident.objects.rewrite(row, "died_on")
