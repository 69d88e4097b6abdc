"""Reads cities, API clients, staff and the audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from huimin.platform.foundation.models import (
    BOUND_BY,
    ApiClient,
    AuditEvent,
    City,
    Role,
    StaffMember,
    StaffRole,
    User,
)
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.foundation.remembered import Remembered

__all__ = [
    "HeldRole",
    "active_client",
    "all_cities",
    "audited",
    "city_by_code",
    "city_of_notices",
    "clients",
    "first_account_made",
    "last_audited",
    "latest_events",
    "names_of_actors",
    "roles_held",
    "staff_member_of",
    "staff_of",
    "user_named",
]


def all_cities() -> list[City]:
    return list(City.objects.order_by("code"))


def city_by_code(code: str) -> City | None:
    return City.objects.filter(code=code).first()


def city_of_notices(code: str) -> City | None:
    """The city with this code, as it was at most two seconds ago. For payment notices, which come by the hundred."""
    return _cities.get(code, lambda: city_by_code(code))


def active_client(key_id: str) -> ApiClient | None:
    """The active client with this key, and its city; as of at most two seconds ago."""

    def load() -> ApiClient | None:
        clients = ApiClient.objects.select_related("city")
        found: ApiClient | None = clients.filter(key_id=key_id, active=True).first()
        return found

    return _clients.get(key_id, load)


_cities: Remembered[str, City] = Remembered(seconds=2)
_clients: Remembered[str, ApiClient] = Remembered(seconds=2)


def clients(city: City) -> list[ApiClient]:
    return list(ApiClient.objects.of(city).order_by("kind", "code"))


def latest_events(city: City, page: int) -> Paged[AuditEvent]:
    """The audit, the latest first."""
    return paged(AuditEvent.objects.of(city).order_by("-pk"), page)


def audited(city: City, actions: str) -> list[AuditEvent]:
    """The audit's events whose action begins with `actions`, the earliest first."""
    return list(AuditEvent.objects.of(city).filter(action__startswith=actions).order_by("pk"))


def last_audited(city: City, action: str) -> AuditEvent | None:
    """The latest event of exactly this action."""
    found: AuditEvent | None = AuditEvent.objects.of(city).filter(action=action).order_by("-pk").first()
    return found


def first_account_made(city: City) -> datetime | None:
    """The real time at which the first account of the city's staff was made."""
    made: datetime | None = StaffMember.objects.of(city).aggregate(made=Min("user__date_joined"))["made"]
    return made


def staff_member_of(user: User) -> StaffMember | None:
    """The user as staff, with their one city."""
    found: StaffMember | None = StaffMember.objects.select_related("city").filter(user=user).first()
    return found


def staff_of(city: City) -> list[StaffMember]:
    """Everybody who ever held a role in the city, by user name."""
    return list(StaffMember.objects.of(city).select_related("user", "city").order_by("user__username"))


def user_named(name: str) -> User | None:
    found: User | None = User.objects.filter(username=name).first()
    return found


@dataclass(frozen=True, slots=True)
class HeldRole:
    """What a role is limited to: an insurer's code, or owners' texts such as `area:329901`. Most roles have neither."""

    insurer: str = ""
    bound_to: tuple[str, ...] = ()


def roles_held(member: StaffMember) -> dict[Role, HeldRole]:
    """The roles of a person of the staff."""
    found = {}
    for row in StaffRole.objects.of(member.city).filter(member=member).order_by("pk"):
        role = Role(row.role)
        found[role] = HeldRole(row.insurer_code, tuple(f"{BOUND_BY[role]}:{code}" for code in row.bound_to.split()))
    return found


def names_of_actors(city: City, texts: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The Chinese and English names of actors by their texts: `staff:5` has the user name, `client:3` the client's
    names.

    Texts of other kinds are left out, since they are neither a person nor an organisation.
    """
    keys: dict[str, set[int]] = {"staff": set(), "client": set()}
    for text in texts:
        kind, _, key = text.partition(":")
        if kind in keys and key.isdecimal():
            keys[kind].add(int(key))
    members = StaffMember.objects.of(city).filter(user__in=keys["staff"]).values_list("user_id", "user__username")
    clients = ApiClient.objects.of(city).filter(pk__in=keys["client"]).values_list("pk", "name_zh", "name_en")
    found = {f"staff:{key}": (name, name) for key, name in members}
    return found | {f"client:{key}": (zh, en) for key, zh, en in clients}
