"""Whom staff are enrolling at a counter just now: kept in their session until the order is placed."""

from __future__ import annotations

from typing import Any

from huimin.platform.foundation.relations import Relation
from huimin.platform.people.api import NamedPerson, named_persons
from huimin.platform.web.session import CityRequest

__all__ = [
    "add_person",
    "applicant_of",
    "asked_balance",
    "begin",
    "check_of",
    "drop_person",
    "end",
    "people_of",
    "remember_balance_asked",
    "remember_check",
]

_KEY = "counter"


def begin(request: CityRequest, applicant: NamedPerson) -> None:
    """Another person stands at the counter: what was begun for the one before is forgotten."""
    people = {str(applicant.id): str(Relation.SELF)}
    request.session[_KEY] = {"city": request.city.code, "applicant": applicant.id, "people": people, "check": 0}


def end(request: CityRequest) -> None:
    request.session.pop(_KEY, None)


def _draft(request: CityRequest) -> dict[str, Any] | None:
    found: dict[str, Any] | None = request.session.get(_KEY)
    return found if found is not None and found["city"] == request.city.code else None


def applicant_of(request: CityRequest) -> NamedPerson | None:
    """Who stands at the counter; None where nobody was found yet."""
    draft = _draft(request)
    return named_persons(request.city, [draft["applicant"]]).get(draft["applicant"]) if draft else None


def people_of(request: CityRequest) -> list[tuple[NamedPerson, Relation]]:
    """Whom they insure, in the order in which they were named."""
    draft = _draft(request)
    if draft is None:
        return []
    known = named_persons(request.city, draft["people"])
    return [(known[int(key)], Relation(relation)) for key, relation in draft["people"].items() if int(key) in known]


def add_person(request: CityRequest, person: NamedPerson, relation: Relation) -> None:
    draft = _draft(request)
    if draft is not None:
        request.session[_KEY] = {**draft, "people": {**draft["people"], str(person.id): str(relation)}}


def drop_person(request: CityRequest, person_id: int) -> None:
    draft = _draft(request)
    if draft is not None:
        people = {key: relation for key, relation in draft["people"].items() if key != str(person_id)}
        request.session[_KEY] = {**draft, "people": people}


def check_of(request: CityRequest) -> int:
    """The number of the code that was sent; 0 where none was."""
    draft = _draft(request)
    return int(draft["check"]) if draft else 0


def remember_check(request: CityRequest, check: int) -> None:
    draft = _draft(request)
    if draft is not None:
        request.session[_KEY] = {**draft, "check": check}


def asked_balance(request: CityRequest) -> bool:
    """Whether this person agreed here that their account is looked at: what they asked elsewhere is not shown."""
    draft = _draft(request)
    return bool(draft and draft.get("balance"))


def remember_balance_asked(request: CityRequest) -> None:
    draft = _draft(request)
    if draft is not None:
        request.session[_KEY] = {**draft, "balance": True}
