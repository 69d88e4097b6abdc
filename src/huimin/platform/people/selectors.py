"""Looking people up. An ID number is found by its blind index; names are compared after decryption."""

from __future__ import annotations

import unicodedata

from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Area, Resident
from huimin.settlement import parse_identity_number

__all__ = ["areas", "find_resident", "masked_name", "masked_telephone", "same_name"]


def find_resident(*, city: City, id_number: str, name: str) -> Resident | None:
    """The resident with this ID number and this name, or None. Raises InputError when the number is mistyped."""
    number = parse_identity_number(unicodedata.normalize("NFKC", id_number)).number
    found = Resident.objects.of(city).select_related("area").filter(id_index=blind_index(city.code, number)).first()
    return found if found is not None and same_name(found.name, name) else None


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
