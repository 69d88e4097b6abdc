"""Looking people up. An ID number is found by its blind index; names are compared after decryption."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from django.db.models import Count

from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Area, Resident
from huimin.settlement.identity_number import parse_identity_number

__all__ = [
    "areas",
    "count_by_area",
    "find_resident",
    "find_residents",
    "lock_residents",
    "masked_name",
    "masked_telephone",
    "resident_by_id",
    "residents_by_id",
    "same_name",
]


def find_resident(*, city: City, id_number: str, name: str) -> Resident | None:
    """The resident with this ID number and this name, or None. Raises InputError when the number is mistyped."""
    return find_residents(city, [(id_number, name)])[0]


def find_residents(city: City, people: Sequence[tuple[str, str]]) -> list[Resident | None]:
    """For each (ID number, name) the resident, or None. One statement. Raises InputError when a number is mistyped."""
    indexes = [
        blind_index(city.code, parse_identity_number(unicodedata.normalize("NFKC", number)).number)
        for number, _ in people
    ]
    wanted = sorted(set(indexes))
    found = {resident.id_index: resident for resident in Resident.objects.fetch(city, {"id_index": wanted})}
    return [
        found[index] if index in found and same_name(found[index].name, name) else None
        for index, (_, name) in zip(indexes, people, strict=True)
    ]


def resident_by_id(city: City, resident_id: int) -> Resident | None:
    found: Resident | None = Resident.objects.of(city).select_related("area").filter(pk=resident_id).first()
    return found


def residents_by_id(city: City, resident_ids: Iterable[int | str]) -> list[Resident]:
    return list(Resident.objects.of(city).filter(pk__in=list(resident_ids)))


def lock_residents(city: City, resident_ids: Iterable[int]) -> dict[int, Resident]:
    """Lock these people until the transaction ends, always in the same order, so that nobody waits in a circle."""
    left = ("name", "id_number", "telephone")
    found = Resident.objects.fetch(city, {"id": list(resident_ids)}, order_by=("id",), lock=True, without=left)
    return {resident.pk: resident for resident in found}


def count_by_area(city: City) -> dict[int, int]:
    """Residents in the register by area."""
    return dict(Resident.objects.of(city).values_list("area_id").annotate(n=Count("pk")).order_by())


def same_name(first: str, second: str) -> bool:
    """Equal but for spaces and width: names are typed in many ways, 欧阳 娜 and 欧阳娜 are one."""
    return _plain(first) == _plain(second) != ""


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).replace("•", "·")


def masked_name(name: str) -> str:
    """张*: enough for the person to recognise, too little for others."""
    return name[:1] + "*" * max(1, len(name) - 1)


def masked_telephone(telephone: str) -> str:
    return f"{telephone[:3]}****{telephone[-4:]}"


def areas(city: City) -> list[Area]:
    return list(Area.objects.of(city).order_by("code"))
