"""The order that a resident is putting together: who is in it, kept in the session until it is placed."""

from __future__ import annotations

from huimin.platform.foundation.relations import Relation
from huimin.platform.people.api import NamedPerson, named_persons
from huimin.platform.web.session import CityRequest

__all__ = ["DRAFT", "draft_of", "drop_from_draft", "persons_in_draft"]

DRAFT = "enrolment_draft"


def draft_of(request: CityRequest) -> dict[str, str]:
    """Resident ids and relations. It begins with the resident."""
    draft: dict[str, str] | None = request.session.get(DRAFT)
    return dict(draft) if draft is not None else {str(request.resident.id): Relation.SELF}


def drop_from_draft(request: CityRequest, resident_id: int) -> None:
    """Take a person out."""
    draft = draft_of(request)
    draft.pop(str(resident_id), None)
    request.session[DRAFT] = draft


def persons_in_draft(request: CityRequest) -> list[NamedPerson]:
    """The people, in the order in which they were named."""
    draft = draft_of(request)
    known = named_persons(request.city, draft)
    return [known[int(person_id)] for person_id in draft if int(person_id) in known]
