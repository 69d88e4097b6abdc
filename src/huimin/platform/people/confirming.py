"""People of the register and the bureau: about whom it has to be asked, and what is recorded once it has answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.models import Area, Consent, Resident

__all__ = ["HISTORY", "Identity", "agree_to_history", "confirm_person", "history_consents", "identities_of"]

HISTORY = "health_history"
"""The kind of consent by which the bureau is asked for a person's records."""


@dataclass(frozen=True, slots=True)
class Identity:
    """By what the bureau finds a person. For questions to it alone."""

    resident_id: int
    id_number: str = field(repr=False)
    name: str = field(repr=False)


def identities_of(city: City, resident_ids: Iterable[int]) -> dict[int, Identity]:
    rows = Resident.objects.of(city).filter(pk__in=list(resident_ids))
    return {row.pk: Identity(row.pk, row.id_number, row.name) for row in rows}


def confirm_person(
    *,
    city: City,
    resident_id: int,
    insutype: str | None,
    area: str,
    pre_existing: Sequence[str] | None,
    at: datetime,
    other_cover: Sequence[Sequence[str]] | None = None,
) -> None:
    """The bureau answered: how the person is insured today, if at all, and what its records show.

    Call it inside the transaction that keeps the answer. `insutype` is None for somebody without basic insurance today;
    `area` may be none of the city's, and then the register keeps its own; `pre_existing` is None where nobody asked.
    `other_cover` is None where it says nothing of it. `at` is by the real clock.
    """
    (row,) = Resident.objects.fetch(city, {"id": resident_id}, lock=True)
    known = Area.objects.pick(city, ("id",), {"code": area})
    row.insured, row.confirmed_at = insutype is not None, at
    row.insutype = insutype or row.insutype
    row.area_id = known[0][0] if known else row.area_id
    row.pre_existing = list(pre_existing) if pre_existing is not None else row.pre_existing
    row.other_cover = [list(one) for one in other_cover] if other_cover is not None else row.other_cover
    Resident.objects.rewrite(row, "insured", "confirmed_at", "insutype", "area", "pre_existing", "other_cover")


def agree_to_history(
    *, actor: Actor, applicant_id: int, residents: Sequence[int], minors: Sequence[int], text: str
) -> None:
    """Append the consents to these words. `residents` agreed themselves; for `minors` the applicant did, as guardian.

    Raises NotAllowed.
    """
    authorise(actor, Action.ENROL, owner=f"resident:{applicant_id}")
    city, moment = actor.city, now(actor.city)
    digest = hashlib.sha256(text.encode()).hexdigest()
    by = [(one, None) for one in residents] + [(one, applicant_id) for one in minors]
    rows = [
        Consent(city=city, resident_id=one, kind=HISTORY, text_digest=digest, given_at=moment, given_by_id=guardian)
        for one, guardian in by
    ]
    Consent.objects.queue(rows)


def history_consents(city: City, resident_ids: Sequence[int]) -> dict[int, str]:
    """Our number of each person's consent, as the bureau is told it; of those who agreed, or whose guardian did."""
    where = {"resident": list(resident_ids), "kind": HISTORY}
    return {one: f"consent:{key}" for key, one in Consent.objects.pick(city, ("id", "resident"), where, ("id",))}
