"""Who acts in tests: the people of the demonstration city, and people who hold whichever roles a test gives them."""

from __future__ import annotations

from collections.abc import Collection

from huimin.platform.foundation.actors import Actor, demonstration_actor, resident_actor
from huimin.platform.foundation.models import BOUND_BY, City, Role, User
from huimin.platform.foundation.staff import give_role
from huimin.platform.people.models import Resident
from huimin.platform.web.actors import acting_staff

__all__ = ["acting", "staff_with", "themself"]


def acting(city: City, name: str) -> Actor:
    """A member of the demonstration city's staff, by user name, as the pages let them act."""
    actor = acting_staff(User.objects.get(username=name))
    assert actor is not None
    assert actor.city == city
    return actor


def staff_with(city: City, name: str, *roles: Role, insurer: str = "", areas: Collection[str] = ("329901",)) -> User:
    """A new user who holds these roles in the city; of the role insurer for this insurer, of an agency's for areas."""
    user = User.objects.create_user(username=name, password="x")
    for role in roles:
        code = insurer if role == Role.INSURER else ""
        bound_to = areas if role in BOUND_BY else ()
        give_role(actor=demonstration_actor(city), user=user, role=role, insurer_code=code, bound_to=bound_to)
    return user


def themself(resident: Resident) -> Actor:
    """A resident who has shown who they are."""
    return resident_actor(resident.city, resident.pk)
