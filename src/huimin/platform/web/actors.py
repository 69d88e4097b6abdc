"""The person who asks for a page, as the actor that services take."""

from __future__ import annotations

from huimin.platform.foundation.actors import Actor, staff_actor
from huimin.platform.foundation.models import Role, User
from huimin.platform.foundation.selectors import roles_held, staff_member_of
from huimin.platform.pool.api import leading_insurer

__all__ = ["acting_staff"]


def acting_staff(user: User) -> Actor | None:
    """The user with all their roles in their city; None if they belong to no city's staff."""
    member = staff_member_of(user)
    if member is None:
        return None
    roles = roles_held(member)
    insurer = roles[Role.INSURER].insurer if Role.INSURER in roles else ""
    leads = insurer != "" and insurer == leading_insurer(member.city)
    bound_to = [owner for held in roles.values() for owner in held.bound_to]
    return staff_actor(member.city, user.pk, roles, insurer=insurer, leads_the_pool=leads, bound_to=bound_to)
