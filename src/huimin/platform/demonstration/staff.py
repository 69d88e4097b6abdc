"""The demonstration's staff, as they act."""

from __future__ import annotations

from huimin.platform.foundation.actors import Actor, staff_actor
from huimin.platform.foundation.models import City, Role, User

__all__ = ["staff_named"]


def staff_named(city: City, name: str, role: Role) -> Actor:
    return staff_actor(city, User.objects.get(username=name).pk, [role])
