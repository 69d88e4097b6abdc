"""Who stands on a version of a roster, and what another version changes: who came, who went, whose entry differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huimin.platform.foundation.encryption import Place, decrypt
from huimin.platform.foundation.fields import Ciphertext
from huimin.platform.foundation.models import City
from huimin.platform.subsidies.models import RosterEntry, RosterInForce, RosterVersion

__all__ = ["Changes", "Standing", "changes_between", "latest_in_force", "read_reason", "standing"]

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Standing:
    """As what somebody stands on a version."""

    reason: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Changes:
    """By resident; of those whose entry differs, before and after."""

    came: dict[int, Standing]
    went: dict[int, Standing]
    changed: dict[int, tuple[Standing, Standing]]


def standing(city: City, version_id: int) -> dict[int, Standing]:
    """By resident, everybody on a version."""
    rows = RosterEntry.objects.of(city).filter(version=version_id).order_by("pk")
    values = rows.values_list("resident_id", "reason", "valid_from", "valid_to")
    return {
        resident: Standing(read_reason(city, version_id, resident, blob), first, last)
        for resident, blob, first, last in values.iterator(chunk_size=_CHUNK)
    }


def read_reason(city: City, version_id: int, resident_id: int, column: object) -> str:
    """The reason of an entry that was read as a column: thousands of entries need no row each."""
    assert isinstance(column, Ciphertext)  # noqa: S101 - the field gives columns so
    return decrypt(column.blob, Place(city.pk, RosterEntry._meta.db_table, "reason", f"{version_id} {resident_id}"))


def changes_between(city: City, before: int | None, after: int) -> Changes:
    """What the version `after` changes; None before: everybody came."""
    old = standing(city, before) if before is not None else {}
    new = standing(city, after)
    return Changes(
        came={resident: new[resident] for resident in new.keys() - old.keys()},
        went={resident: old[resident] for resident in old.keys() - new.keys()},
        changed={
            resident: (old[resident], new[resident])
            for resident in old.keys() & new.keys()
            if old[resident] != new[resident]
        },
    )


def latest_in_force(city: City, roster_id: int) -> RosterVersion | None:
    """The version in force, asked anew."""
    found = RosterInForce.objects.of(city).filter(roster=roster_id).select_related("version").order_by("-pk").first()
    return found.version if found is not None else None
