"""Who acts. Every service that writes for somebody takes an `Actor`: who it is, in which city, and in which roles.

A view, a command or a worker makes the actor. Services look up in `permissions` what it may do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from huimin.platform.foundation.models import ApiClient, City, ClientKind

__all__ = [
    "Actor",
    "ActorKind",
    "Who",
    "client_actor",
    "command_actor",
    "demonstration_actor",
    "gateway_actor",
    "provider_actor",
    "queue_actor",
    "resident_actor",
    "staff_actor",
]


class ActorKind(StrEnum):
    """The first word of the text under which an actor is recorded, such as `staff` in `staff:5`."""

    STAFF = "staff"
    RESIDENT = "resident"
    CLIENT = "client"
    """Another organisation's system, which calls the API with a key of its own."""
    PROVIDER = "provider"
    """A payment company, which sends notices of payments."""
    COMMAND = "command"
    """Anybody who can run `huimin` on the server."""
    QUEUE = "queue"
    """A worker that does what the calendar or the queue asks for."""
    DEMONSTRATION = "demonstration"
    """The loader of the invented city."""


class Who(StrEnum):
    """The roles of the table of permissions. An actor may have several."""

    ANYONE = "anyone"
    RESIDENT = "resident"
    HANDLER = "handler"
    APPROVER = "approver"
    INSURER = "insurer"
    LEAD_INSURER = "lead_insurer"
    """Staff of the insurer that leads the pool today. Such staff act as `INSURER` too."""
    BUREAU = "bureau"
    ACCOUNT_AGENCY = "account_agency"
    """Staff of the agencies of some areas, which charge personal accounts."""
    SPONSOR = "sponsor"
    """Staff of a donor or department that pays into funds."""
    ADMINISTRATOR = "administrator"
    COUNTER = "counter"
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    CHANNEL = "channel"
    BUREAU_SYSTEM = "bureau_system"
    """The bureau's own system, as a client of the API; the bureau's staff are `BUREAU`."""
    MESSAGE_GATEWAY = "message_gateway"
    PAYMENT_COMPANY = "payment_company"
    COMMAND = "command"
    QUEUE = "queue"
    DEMONSTRATION = "demonstration"


_CLIENTS = {
    ClientKind.HOSPITAL: Who.HOSPITAL,
    ClientKind.PHARMACY: Who.PHARMACY,
    ClientKind.CHANNEL: Who.CHANNEL,
    ClientKind.BUREAU: Who.BUREAU_SYSTEM,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in a city, and in which roles. Make one with the functions below.

    The city is part of it, so that no service can act in another city than its actor's.
    """

    kind: ActorKind
    city: City = field(repr=False)
    roles: frozenset[Who]
    key: str = ""
    """The number of the user, resident or client, or the code of a payment company; "" for kinds of which there is only
    one.
    """
    code: str = ""
    """The city's code for an API client or payment company."""
    insurer: str = ""
    """The code of the insurer for which staff act; "" for all others."""
    bound_to: frozenset[str] = frozenset()
    """What else counts as the actor's own, such as `area:329901` for staff of that area's account agency."""
    purpose: str = ""
    """The purpose, where the table asks for one. It is recorded with every look at personal data."""

    @property
    def text(self) -> str:
        """How rows name the actor, such as `staff:5` or `command`. It identifies the person, whatever their role."""
        return f"{self.kind}:{self.key}" if self.key else str(self.kind)

    def owns(self, owner: str) -> bool:
        """Whether `owner` is the actor itself (`resident:7`, `client:3`), its insurer (`insurer:lead`), or one of the
        things for which it acts (`area:329901`)."""
        of_insurer = self.insurer != "" and owner == f"insurer:{self.insurer}"
        return owner == self.text or of_insurer or owner in self.bound_to

    def with_purpose(self, purpose: str) -> Actor:
        return replace(self, purpose=purpose)


def staff_actor(
    city: City,
    user_id: int,
    roles: Iterable[str],
    *,
    insurer: str = "",
    leads_the_pool: bool = False,
    bound_to: Iterable[str] = (),
) -> Actor:
    """A person of the staff, in all the roles that they have in the city.

    `leads_the_pool` says that their insurer is the lead today. That changes with the shares, so that it is looked up
    each time.
    """
    held = {Who(role) for role in roles}
    if leads_the_pool and Who.INSURER in held:
        held.add(Who.LEAD_INSURER)
    return Actor(ActorKind.STAFF, city, frozenset(held), str(user_id), insurer=insurer, bound_to=frozenset(bound_to))


def resident_actor(city: City, resident_id: int) -> Actor:
    """A resident whose identity has been verified."""
    return Actor(ActorKind.RESIDENT, city, frozenset({Who.RESIDENT}), str(resident_id))


def client_actor(client: ApiClient) -> Actor:
    """An API client whose request was signed correctly."""
    roles = frozenset({_CLIENTS[ClientKind(client.kind)]})
    return Actor(ActorKind.CLIENT, client.city, roles, str(client.pk), client.code)


def provider_actor(city: City, code: str) -> Actor:
    """A payment company whose notice was signed correctly, or that answered a query of ours."""
    return Actor(ActorKind.PROVIDER, city, frozenset({Who.PAYMENT_COMPANY}), code, code)


def gateway_actor(city: City) -> Actor:
    """The message gateway whose notice of a reply is signed."""
    return Actor(ActorKind.PROVIDER, city, frozenset({Who.MESSAGE_GATEWAY}), "message_gateway", "message_gateway")


def command_actor(city: City) -> Actor:
    return Actor(ActorKind.COMMAND, city, frozenset({Who.COMMAND}))


def queue_actor(city: City) -> Actor:
    return Actor(ActorKind.QUEUE, city, frozenset({Who.QUEUE}))


def demonstration_actor(city: City) -> Actor:
    return Actor(ActorKind.DEMONSTRATION, city, frozenset({Who.DEMONSTRATION}))
