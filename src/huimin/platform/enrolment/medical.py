"""Whose medical facts a resident may see: their own, those of a child in their care, and those of people who agreed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.people.api import PersonFacts, consenting, persons_by_id

__all__ = ["is_guardian", "readable", "records_guarded_by"]

_OF_AGE = 18


def readable(city: City, viewer: PersonFacts, policy_ids: Collection[int], day: date) -> set[int]:
    """Those of the policies whose bills this resident may see on this day. Three statements at most."""
    rows = Policy.objects.of(city).filter(pk__in=policy_ids).select_related("order_line")
    policies: list[Policy] = list(rows)
    others = {policy.insured_id for policy in policies if policy.insured_id != viewer.id}
    agreed = consenting(city, viewer, sorted(others)) if others else set()
    people = persons_by_id(city, others) if others else {}
    return {
        policy.pk
        for policy in policies
        if policy.insured_id == viewer.id
        or policy.insured_id in agreed
        or is_guardian(viewer, policy, people[policy.insured_id], day)
    }


def records_guarded_by(city: City, viewer: PersonFacts, day: date) -> set[int]:
    """Whose health records this resident may see and contest: their own and those of minors in their care, by key.

    An adult's consent to show bills does not open the history that the bureau told.
    """
    rows = Policy.objects.of(city).filter(holder=viewer.id, order_line__relation=Relation.CHILD)
    policies: list[Policy] = list(rows.select_related("order_line"))
    people = persons_by_id(city, {policy.insured_id for policy in policies}) if policies else {}
    wards = {one.insured_id for one in policies if is_guardian(viewer, one, people[one.insured_id], day)}
    return {viewer.id} | wards


def is_guardian(viewer: PersonFacts, policy: Policy, child: PersonFacts, day: date) -> bool:
    """Whether the viewer is a minor's guardian: a parent who bought the cover and lives with the child by the register.

    Naming a child as one's own proves nothing: somebody of another household needs the code that is sent to the
    telephone in the child's register entry. The right ends on the eighteenth birthday.
    """
    return (
        policy.holder_id == viewer.id
        and policy.order_line.relation == Relation.CHILD
        and child.household_id == viewer.household_id
        and day < _birthday(child.birth_date, _OF_AGE)
    )


def _birthday(born: date, age: int) -> date:
    """The day on which somebody reaches an age. Born on 29 February, it is 1 March in a year without that day."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
